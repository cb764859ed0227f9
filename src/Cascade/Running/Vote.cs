using Countersign.Cascade.Routes;

namespace Countersign.Cascade.Running;

/// <summary>The drafts of an <see cref="AgreementPolicy"/>, as they are cast one after the other.</summary>
/// <param name="need">How many must say the same.</param>
/// <param name="drafts">How many can be asked for.</param>
internal sealed class Vote(int need, int drafts)
{
    private readonly List<(string? Form, Judged Draft)> cast = [];

    /// <summary>The drafts asked for, those that failed or said nothing too.</summary>
    public int Asked { get; private set; }

    /// <summary>The size of the largest group that says the same.</summary>
    public int Largest { get; private set; }

    /// <summary>The first draft of the largest group; the last draft where none has a form; <c>null</c> where there is no draft.</summary>
    public Judged? Leader { get; private set; }

    /// <summary>Whether enough drafts agree.</summary>
    public bool IsWon => Largest >= need;

    /// <summary>Whether another draft can still change the verdict.</summary>
    public bool IsOpen => !IsWon && Largest + drafts - Asked >= need;

    /// <summary>Takes the next draft; <c>null</c> for an attempt that failed.</summary>
    /// <param name="draft">The draft.</param>
    /// <param name="form">Its canonical form; <c>null</c>: it agrees with nothing.</param>
    public void Cast(Judged? draft, string? form)
    {
        Asked++;
        if (draft is null) return;
        cast.Add((form, draft));
        int alike = form is null ? 0 : cast.Count(other => other.Form == form);
        if (alike > Largest) (Largest, Leader) = (alike, cast.First(other => other.Form == form).Draft);
        else if (Largest == 0) Leader = draft;
    }
}
