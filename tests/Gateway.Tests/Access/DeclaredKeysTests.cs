using Countersign.Gateway.Access;
using Countersign.Gateway.Tests.Configuration;

namespace Countersign.Gateway.Tests.Access;

public sealed class DeclaredKeysTests
{
    [Fact]
    public void Find_AgainAndAgain_GivesTheKeysOwnCaller()
    {
        var keys = new DeclaredKeys(Loading.Good("callers: { one: { key: key-of-one-0123456789 }, two: { key: key-of-two-0123456789 } }"));
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal("one", keys.Find("key-of-one-0123456789")?.Id);
            Assert.Equal("two", keys.Find("key-of-two-0123456789")?.Id);
            Assert.Null(keys.Find("key-of-three-0123456789"));
            Assert.Null(keys.Find("Key-of-one-0123456789"));
            Assert.Null(keys.Find(""));
        }
    }
}
