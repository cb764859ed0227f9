namespace Countersign.Cli.Tests;

public sealed class CsvTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData(null, "")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("a \"b\"", "\"a \"\"b\"\"\"")]
    [InlineData("a\rb", "\"a\rb\"")]
    [InlineData("a\nb", "\"a\nb\"")]
    public void Field_WithWhatSeparates_IsQuoted(string? field, string written) => Assert.Equal($"{written},1\r\n", Csv.Text([Csv.Line([field, "1"])]));
}
