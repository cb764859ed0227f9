namespace Countersign.Engine.Sampling.Grammar;

/// <summary>Where to go on when rules end, innermost first. Never changed, and shared by all stacks that grow from it.</summary>
internal sealed class GrammarStack(long id, GrammarStack? parent, int returnNode)
{
    /// <summary>Orders stacks; unique within a machine.</summary>
    public long Id => id;

    /// <summary>Null at the bottom.</summary>
    public GrammarStack? Parent => parent;

    public int ReturnNode => returnNode;
}
