using System.Text;
using Countersign.Protocol.Wire.Json;

namespace Countersign.Protocol.Tests.Wire;

public class JsonTextTests
{
    [Theory]
    [InlineData("""no escape""", false)]
    [InlineData("""one \n and \\ and \" and \u00e9""", false)]
    [InlineData("""\ud83d\ude00""", false)]
    [InlineData("""\ud83d\ude00 and \uD83D\uDE00""", false)]
    [InlineData("""\\ud83d""", false)]
    [InlineData("""\\\\ud83d \\ude00""", false)]
    [InlineData("""\ud83d""", true)]
    [InlineData("""\ude00""", true)]
    [InlineData("""\\\ud83d""", true)]
    [InlineData("""\ud83d \ude00""", true)]
    [InlineData("""\ud83d\\ude00""", true)]
    [InlineData("""\ud83d\n""", true)]
    [InlineData("""\ud83d\ud83d\ude00""", true)]
    [InlineData("""\ud83d\u0041""", true)]
    [InlineData("""\ud83d\ude00\ude00""", true)]
    [InlineData("""[{"a":"\ud83d\ude00"},"\ude00"]""", true)]
    public void HasLoneSurrogate_SeesEachHalf(string raw, bool expected) => Assert.Equal(expected, JsonText.HasLoneSurrogate(Encoding.UTF8.GetBytes(raw)));
}
