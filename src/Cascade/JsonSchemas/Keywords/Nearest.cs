namespace Countersign.Cascade.JsonSchemas.Keywords;

/// <summary>Reports that a value fits none of several forms: with what is wrong for the form that it is nearest to.</summary>
internal static class Nearest
{
    /// <summary>Notes the finding and those of the nearest form. Always <c>false</c>.</summary>
    public static bool Report(Evaluation run, string keyword, string message, List<List<SchemaFinding>> failures)
    {
        run.Fail(keyword, message);
        if (run.Findings is { } findings && failures.MinBy(Distance) is { } nearest) findings.AddRange(nearest.Take(5));
        return false;
    }

    /// <summary>How far a value is from a form: another type or another tag is further than anything else that is wrong.</summary>
    private static int Distance(List<SchemaFinding> findings)
    {
        int shallowest = findings.Min(finding => finding.Where.Count(c => c == '/'));
        bool isOther = findings.Any(finding => finding.Keyword is "type" or "const" or "enum" && finding.Where.Count(c => c == '/') <= shallowest + 1);
        return (isOther ? 1000 : 0) + findings.Count;
    }
}
