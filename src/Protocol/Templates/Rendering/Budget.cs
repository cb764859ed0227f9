using System.Runtime.CompilerServices;

namespace Countersign.Protocol.Templates.Rendering;

/// <summary>Counts what one rendering has done, and stops it where a limit is reached.</summary>
internal sealed class Budget(TemplateLimits limits)
{
    private long steps, text;
    private int calls;

    public int TextLength => limits.TextLength;

    /// <summary>One step. Every recursion of the renderer passes here, so that it ends in an error before the stack does.</summary>
    public void Step()
    {
        Steps(1);
        EnsureStack();
    }

    public void Steps(long count)
    {
        steps += count;
        if (steps > limits.Steps) throw TemplateException.Limit($"stopped after {limits.Steps} steps");
    }

    /// <summary>Accounts for <paramref name="length"/> characters that are about to be made.</summary>
    public void Text(long length)
    {
        text += length;
        if (length > limits.TextLength) throw TemplateException.Limit($"a text may not be longer than {limits.TextLength} characters");
        if (text > limits.TotalText) throw TemplateException.Limit($"stopped after {limits.TotalText} characters of text");
    }

    public void EnterCall()
    {
        if (++calls > limits.CallDepth) throw TemplateException.Limit($"maximum recursion depth of {limits.CallDepth} calls exceeded");
    }

    public void LeaveCall() => calls--;

    public static void EnsureStack()
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack()) throw TemplateException.Limit("nested too deeply");
    }
}
