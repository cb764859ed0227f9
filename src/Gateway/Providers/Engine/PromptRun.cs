using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Countersign.Engine;

namespace Countersign.Gateway.Providers.Engine;

/// <summary>Runs several prompts of one request on one model, some at a time.</summary>
internal static class PromptRun
{
    private const int AtATime = 8;
    private const int Buffered = 256;

    /// <summary>The events of all, each with the index of its prompt. The first that fails ends all.</summary>
    public static async IAsyncEnumerable<(int Prompt, GenerationEvent Event)> EventsAsync(EngineModel engine, IReadOnlyList<GenerationRequest> prompts, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var events = Channel.CreateBounded<(int, GenerationEvent)>(Buffered);
        var running = RunAllAsync(engine, prompts, events.Writer, stop.Token);
        try
        {
            await foreach (var happened in events.Reader.ReadAllAsync(cancellationToken)) yield return happened;
        }
        finally
        {
            await stop.CancelAsync();
            await running;
        }
    }

    /// <summary>Never fails: what goes wrong is told through the channel.</summary>
    private static async Task RunAllAsync(EngineModel engine, IReadOnlyList<GenerationRequest> prompts, ChannelWriter<(int, GenerationEvent)> events, CancellationToken cancellationToken)
    {
        try
        {
            var options = new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = cancellationToken };
            await Parallel.ForEachAsync(Enumerable.Range(0, prompts.Count), options, async (index, token) =>
            {
                await foreach (var happened in engine.GenerateAsync(prompts[index], token)) await events.WriteAsync((index, happened), token);
            });
            events.Complete();
        }
        catch (Exception failure)
        {
            events.Complete(failure);
        }
    }
}
