using Countersign.Protocol.Chat;

namespace Countersign.Cascade.Answers;

/// <summary>Brings answers to a canonical form, so that those which say the same are equal text.</summary>
/// <param name="Name">Its name in a route.</param>
/// <param name="Summary">What it takes for the same, in one line.</param>
public abstract record Normaliser(string Name, string Summary)
{
    /// <summary>The canonical form of the first choice; <c>null</c> where it holds no such answer. What is <c>null</c> agrees with nothing.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="tools">The tools it could call; they give arguments their types.</param>
    /// <param name="field">The field of a JSON answer that is compared, such as <c>answer</c> or <c>result.total</c>; <c>null</c>: the whole answer.</param>
    public string? Canonical(ChatAnswer answer, IReadOnlyList<ToolDefinition> tools, string? field)
    {
        ArgumentNullException.ThrowIfNull(answer);
        return answer.Choices.Count == 0 ? null : CanonicalOf(answer.Choices[0], tools, field);
    }

    /// <summary>The canonical form of a choice.</summary>
    protected abstract string? CanonicalOf(ChatChoice choice, IReadOnlyList<ToolDefinition> tools, string? field);
}

/// <summary>A normaliser of an answer's text, or of a field of it.</summary>
internal sealed record TextNormaliser(string Name, string Summary, Func<string, string?> Form) : Normaliser(Name, Summary)
{
    protected override string? CanonicalOf(ChatChoice choice, IReadOnlyList<ToolDefinition> tools, string? field) =>
        AnswerField.Read(choice.Text, field) is { } text ? Form(text) : null;
}
