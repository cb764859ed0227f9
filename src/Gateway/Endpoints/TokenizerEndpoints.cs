using Countersign.Cascade.Attempts;
using Countersign.Gateway.Dispatch;
using Countersign.Gateway.Pipeline;
using Countersign.Gateway.Providers.Engine;
using Countersign.Gateway.Providers.Raw;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire;
using Countersign.Protocol.Wire.Tokens;
using Microsoft.AspNetCore.Http;

namespace Countersign.Gateway.Endpoints;

/// <summary><c>POST /tokenize</c>, <c>/detokenize</c> and <c>/apply-template</c>, as llama-server has them, with the <c>model</c> named as everywhere: a deployment of the engine. Where the engine has one model only, it need not be named, as there.
/// They cost nothing and leave no row in the ledger.</summary>
internal sealed class TokenizerEndpoints(ApiEndpoint api, SnapshotSource snapshots)
{
    public Task TokenizeAsync(HttpContext http) => RunAsync(http, body =>
    {
        var request = TokenizeRequest.Read(body.Span);
        return (request.Model, (model, _) => TokenizerAnswers.Tokens(
            model.Engine.Tokenize(request.Content, request.AddSpecial, request.ParseSpecial), request.WithPieces ? token => model.Engine.TokenBytes(token, includeSpecial: true) : null));
    });

    public Task DetokenizeAsync(HttpContext http) => RunAsync(http, body =>
    {
        var request = DetokenizeRequest.Read(body.Span);
        return (request.Model, (model, _) => TokenizerAnswers.Content(model.Engine.Detokenize(request.Tokens, includeSpecial: true)));
    });

    public Task ApplyTemplateAsync(HttpContext http) => RunAsync(http, body =>
    {
        var request = WireRequestScanner.Scan(WireApiKind.OpenAiChat, body);
        return (request.Model, (model, deployment) =>
        {
            var info = model.Engine.Info;
            var chat = RawChat.Of(deployment.NameOfFamily, model.Templates, request.Parsed, new RequestTrace());
            return TokenizerAnswers.Prompt(chat.Render(info.Bos?.Text ?? "", info.Eos?.Text ?? "", words: null));
        }
        );
    });

    private Task RunAsync(HttpContext http, Func<ReadOnlyMemory<byte>, (string Model, Func<LoadedModel, Deployment, byte[]> Question)> read) => api.RunAsync(http, async (caller, _) =>
    {
        var snapshot = snapshots.Current;
        using var body = await RequestBody.ReadAsync(http.Request, snapshot.Configuration.Server.MaxBodyBytes, http.RequestAborted);
        var (model, question) = read(UnnamedModel.Name(body.Bytes, snapshot.Configuration, caller));
        if (snapshot.PlanFor(model, caller).IsRoute) throw ProblemException.Invalid($"'{model}' is a route. Name a deployment of the engine.", "model");
        await foreach (var chatEvent in snapshot.Dispatcher.InspectAsync(model, question, http.RequestAborted)) await PassOnAsync(http, chatEvent);
    });

    private static async Task PassOnAsync(HttpContext http, ChatEvent chatEvent)
    {
        if (chatEvent is AttemptFailed failed) throw new ProblemException(failed.Problem);
        var answer = (WireFrames)chatEvent;
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = answer.Bytes.Length;
        await http.Response.BodyWriter.WriteAsync(answer.Bytes, http.RequestAborted);
    }
}
