using System.Text;
using Countersign.Engine.Sampling.Grammar;

namespace Countersign.Engine.Tests.Sampling.Grammar;

/// <summary>Texts run through a grammar byte by byte, without a vocabulary.</summary>
internal static class GrammarRun
{
    /// <summary>Whether the whole text is allowed.</summary>
    public static bool Accepts(OutputGrammar grammar, string text) => After(grammar, text).IsAccepting;

    /// <summary>Whether the text can be the beginning of one that is allowed.</summary>
    public static bool IsAlive(OutputGrammar grammar, string text) => !After(grammar, text).IsDead;

    private static GrammarState After(OutputGrammar grammar, string text)
    {
        var machine = new GrammarMachine(grammar.Graph);
        GrammarState state = machine.Start();
        foreach (byte value in Encoding.UTF8.GetBytes(text)) state = machine.Step(state, value);
        return state;
    }
}
