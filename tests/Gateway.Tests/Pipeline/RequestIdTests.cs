using System.Globalization;
using Countersign.Gateway.Pipeline;

namespace Countersign.Gateway.Tests.Pipeline;

public sealed class RequestIdTests
{
    [Fact]
    public void Ids_Made_AreUuidsOfVersion7ThatDifferAndTellTheTime()
    {
        long before = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        string[] ids = [.. Enumerable.Range(0, 1000).Select(_ => RequestId.New(TimeProvider.System))];
        long after = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

        Assert.Equal(1000, ids.Distinct().Count());
        foreach (string id in ids)
        {
            var uuid = Guid.ParseExact(id["req_".Length..], "N");
            Assert.Equal(7, uuid.Version);
            Assert.InRange(uuid.Variant, 8, 11);
            Assert.InRange(long.Parse(id.AsSpan(4, 12), NumberStyles.HexNumber, CultureInfo.InvariantCulture), before, after);
        }
    }
}
