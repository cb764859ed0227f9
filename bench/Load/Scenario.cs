namespace Countersign.Load.Bench;

/// <summary>One kind of load.</summary>
/// <param name="Name">Its letter.</param>
/// <param name="What">What it is, for the page.</param>
/// <param name="Request">What is asked.</param>
/// <param name="Connections">Connections that ask again as soon as they are answered; for an open loop, the most at once.</param>
/// <param name="Rate">Requests a second, started on schedule whatever became of earlier ones; <c>null</c>: a closed loop.</param>
/// <param name="WarmUp">Requests before anything is measured, so that the gateway's hot methods are compiled.</param>
/// <param name="Target">What it may cost.</param>
/// <param name="Turns">How often a round measures it: more often where few requests fit into a turn, or where the slowest of a hundred count.</param>
internal sealed record Scenario(string Name, string What, Question Request, int Connections, int? Rate, int WarmUp, Target? Target, int Turns = 1)
{
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("A", "chat of 1.4 KB, whole answer, 32 connections", Question.Chat("bench"), 32, null, 3000, new Target(8, Measure.Cpu)),
        new("B", "20 KB with 12 tools, whole answer, 32 connections", Question.Tools("bench"), 32, null, 1000, new Target(10, Measure.Cpu)),
        new("C", "stream of 64 chunks at once, 16 connections", Question.Streamed("bench"), 16, null, 1000, new Target(2.2, Measure.Cpu)),
        new("P", "stream of 64 chunks, 5 ms apart, 16 connections", Question.Streamed("bench-pace5"), 16, null, 48, new Target(1.8, Measure.Cpu), Turns: 4),
        new("S", "chat of 1.4 KB, one connection", Question.Chat("bench"), 1, null, 500, new Target(0.2, Measure.AddedP50)),
        new("D", "200 chats a second, upstream answers after 50 ms", Question.Chat("bench-delay50"), 32, 200, 200, new Target(1, Measure.AddedP99), Turns: 4),
        new("G", "gated: JSON schema, tool calls, two deployments must agree (two upstream calls); 16 connections", Question.Gated("bench-gated"), 16, null, 1000, null),
    ];
}

/// <summary>A limit: of CPU time as a multiple of nginx's, or of milliseconds more than a request without anything between.</summary>
internal sealed record Target(double Most, Measure Of);

internal enum Measure { Cpu, AddedP50, AddedP99 }
