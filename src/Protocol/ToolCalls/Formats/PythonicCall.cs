using Countersign.Protocol.ToolCalls.Scanning;

namespace Countersign.Protocol.ToolCalls;

/// <summary>Makes a call of one in Python's syntax.</summary>
internal static class PythonicCall
{
    /// <summary>Writes the call that <paramref name="text"/> is; where it has no JSON form, it adds a finding instead.</summary>
    public static void Make(string text, RawReading reading, List<string> findings)
    {
        int parenthesis = text.IndexOf('(', StringComparison.Ordinal);
        string name = text[..parenthesis];
        var tool = ToolNames.Find(reading.Tools, name);
        // A name may have a hyphen, which is no part of one in Python.
        var call = PythonReader.ReadWhole($"f{text[parenthesis..]}") is PythonCall read ? read with { Name = name } : null;
        var arguments = call is null || HasBytes(call) ? null : PythonArguments.Of(call, tool, []);
        string? json = arguments is null ? null : PythonJson.WriteObject(arguments);
        if (json is null) findings.Add($"The arguments of the call of {name} cannot be read: give each one by name, as a literal value.");
        else reading.Writer.Call(name, json);
    }

    private static bool HasBytes(PythonCall call) => call.Positional.Concat(call.Keywords.Select(keyword => keyword.Value)).Any(HasBytes);

    private static bool HasBytes(PythonValue value) => value switch
    {
        PythonText text => text.IsBytes,
        PythonSequence sequence => sequence.Items.Any(HasBytes),
        PythonDictionary dictionary => dictionary.Items.Any(item => HasBytes(item.Key) || HasBytes(item.Value)),
        _ => false,
    };
}
