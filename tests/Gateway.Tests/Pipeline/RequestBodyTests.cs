using Countersign.Gateway.Pipeline;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire;
using Microsoft.AspNetCore.Http;

namespace Countersign.Gateway.Tests.Pipeline;

public sealed class RequestBodyTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100_000)]
    public async Task Read_WithinTheLimit_GivesTheBytes(int length)
    {
        byte[] sent = [.. Enumerable.Range(0, length).Select(i => (byte)i)];
        using var body = await RequestBody.ReadAsync(Request(sent), 100_000, CancellationToken.None);
        Assert.Equal(sent, body.Bytes.ToArray());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Read_BeyondTheLimit_IsTooLarge(bool saysLength)
    {
        var request = Request(new byte[1001]);
        if (saysLength) request.ContentLength = 1001;
        var exception = await Assert.ThrowsAsync<ProblemException>(async () => await RequestBody.ReadAsync(request, 1000, CancellationToken.None));
        Assert.Equal(ProblemKind.TooLarge, exception.Problem.Kind);
        Assert.Contains("1000 bytes", exception.Message);
    }

    [Fact]
    public async Task Read_Compressed_IsRefusedByName()
    {
        var request = Request([1, 2, 3]);
        request.Headers.ContentEncoding = "gzip";
        var exception = await Assert.ThrowsAsync<ProblemException>(async () => await RequestBody.ReadAsync(request, 1000, CancellationToken.None));
        Assert.Equal("content-encoding", exception.Problem.Param);
    }

    [Theory]
    [InlineData(400, ProblemKind.InvalidRequest)]
    [InlineData(408, ProblemKind.SlowRequest)]
    public async Task Read_ThatTheServerBreaksOff_IsRefusedAsItSays(int status, ProblemKind kind)
    {
        var request = Request([]);
        request.Body = new BrokenStream(new BadHttpRequestException("Too bad.", status));
        var exception = await Assert.ThrowsAsync<ProblemException>(async () => await RequestBody.ReadAsync(request, 1000, CancellationToken.None));
        Assert.Equal((kind, status), (exception.Problem.Kind, WireApi.StatusOf(exception.Problem.Kind)));
        Assert.Contains("Too bad.", exception.Message, StringComparison.Ordinal);
    }

    private sealed class BrokenStream(Exception exception) : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.FromException<int>(exception);
    }

    private static HttpRequest Request(byte[] body)
    {
        var http = new DefaultHttpContext();
        http.Request.Body = new MemoryStream(body);
        return http.Request;
    }
}
