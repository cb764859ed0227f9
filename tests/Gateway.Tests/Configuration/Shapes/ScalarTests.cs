using Countersign.Gateway.Configuration;
using Countersign.Gateway.Configuration.Shapes;

namespace Countersign.Gateway.Tests.Configuration.Shapes;

public class ScalarTests
{
    [Theory]
    [InlineData("250ms", 250)]
    [InlineData("1.5s", 1500)]
    [InlineData("0s", 0)]
    [InlineData("2m", 120_000)]
    [InlineData("1h", 3_600_000)]
    [InlineData("7d", 604_800_000)]
    public void Duration_ANumberAndAUnit_IsRead(string text, double milliseconds) => Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), Durations.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("30")]
    [InlineData("-1s")]
    [InlineData("1 s")]
    [InlineData("1s\n")]
    [InlineData("99999d")]
    [InlineData("00:00:30")]
    public void Duration_AnythingElse_IsNone(string text) => Assert.Null(Durations.Parse(text));

    [Theory]
    [InlineData("5s")]
    [InlineData("250ms")]
    [InlineData("2m")]
    [InlineData("1d")]
    [InlineData("0s")]
    public void Duration_Written_IsReadAgain(string text) => Assert.Equal(text, Durations.Write(Durations.Parse(text)!.Value));

    [Theory]
    [InlineData("4096", 4096)]
    [InlineData("512KiB", 524_288)]
    [InlineData("32MiB", 33_554_432)]
    [InlineData("1GB", 1_000_000_000)]
    [InlineData("24GiB", 25_769_803_776)]
    public void Size_ANumberAndAUnit_IsRead(string text, long bytes) => Assert.Equal(bytes, Sizes.Parse(text));

    [Theory]
    [InlineData("9999999999GiB")]
    [InlineData("1.5MiB")]
    [InlineData("-1")]
    [InlineData("1 MiB")]
    [InlineData("MiB")]
    public void Size_AnythingElse_IsNone(string text) => Assert.Null(Sizes.Parse(text));

    [Fact]
    public void Size_Written_TakesTheLargestUnit() => Assert.Equal(["32MiB", "1000", "3KiB"], new[] { 33_554_432, 1000, 3072 }.Select(size => Sizes.Write(size)));

    [Theory]
    [InlineData("127.0.0.1:8080", "127.0.0.1", 8080, true)]
    [InlineData("localhost:0", "localhost", 0, true)]
    [InlineData("[::1]:9000", "::1", 9000, true)]
    [InlineData("*:80", "*", 80, false)]
    [InlineData("0.0.0.0:80", "0.0.0.0", 80, false)]
    [InlineData("[::]:80", "::", 80, false)]
    public void Listen_AddressAndPort_IsRead(string text, string host, int port, bool isLoopback)
    {
        ListenAddress address = ListenAddress.Parse(text)!.Value;
        Assert.Equal((host, port, isLoopback), (address.Host, address.Port, address.IsLoopback));
    }

    [Theory]
    [InlineData("8080")]
    [InlineData(":8080")]
    [InlineData("::1:8080")]
    [InlineData("example.org:80")]
    [InlineData("127.0.0.1:99999")]
    public void Listen_AnythingElse_IsNone(string text) => Assert.Null(ListenAddress.Parse(text));

    [Theory]
    [InlineData("depolyment", "deployment")]
    [InlineData("thinkin", "thinking")]
    [InlineData("Draft", "draft")]
    [InlineData("deploy", "deployment")]
    [InlineData("zzz", null)]
    public void DidYouMean_NearWord_IsFound(string found, string? meant) => Assert.Equal(meant, DidYouMean.Nearest(found, ["draft", "deployment", "thinking"]));
}
