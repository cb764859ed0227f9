using System.Diagnostics;
using System.Globalization;
using Countersign.Cascade.Attempts;
using Countersign.Gateway.Dispatch;
using Countersign.Gateway.Providers;
using Countersign.Gateway.Providers.Http;
using Countersign.Protocol.Chat;

namespace Countersign.Cli;

/// <summary>A conversation with one deployment: answers appear as they are generated.</summary>
internal sealed class ChatSession(IProvider provider, Deployment deployment, ChatRequest settings, Terminal terminal)
{
    private readonly List<ChatMessage> messages = [.. settings.Messages];

    /// <summary>Asks the next question. <c>false</c> where there is no answer, which is then said; the question is forgotten.</summary>
    public async Task<bool> AskAsync(string question, CancellationToken cancellationToken)
    {
        var (trace, answer, start) = (new RequestTrace(), new AnswerBuilder(), Stopwatch.GetTimestamp());
        var attempt = new AttemptRequest { Request = settings with { Messages = [.. messages, ChatMessage.Of(ChatRole.User, question)] }, Targets = [deployment.Name], Purpose = AttemptPurpose.Plain };
        var call = new ChatCall(deployment, attempt, trace);
        using var timer = new CallTimer(deployment.Timeouts, call.IsStream, TimeProvider.System, cancellationToken);
        try
        {
            await foreach (var chatEvent in provider.CallAsync(call, timer))
            {
                if (chatEvent is TextDelta delta) terminal.Text(delta.Text);
                answer.Add(chatEvent);
            }
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && provider.Explain(e, timer) is { } problem)
        {
            terminal.Error(problem.Message, "red");
            return false;
        }

        terminal.Text("\n");
        var whole = answer.Build();
        messages.AddRange([ChatMessage.Of(ChatRole.User, question), ChatMessage.Of(ChatRole.Assistant, whole.Text)]);
        foreach (string warning in trace.Warnings) terminal.Error(warning, "yellow");
        if (terminal.IsSeen) terminal.Line(Summary(whole.Usage!, Stopwatch.GetElapsedTime(start)), "grey");
        return true;
    }

    private static string Summary(Usage usage, TimeSpan time) => string.Create(
        CultureInfo.InvariantCulture, $"{usage.InputTokens} tokens read ({usage.CachedInputTokens} from the cache), {usage.OutputTokens} written, {time.TotalSeconds:0.0} s");
}
