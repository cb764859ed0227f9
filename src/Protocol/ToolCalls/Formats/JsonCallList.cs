using Countersign.Protocol.ToolCalls.Scanning;

namespace Countersign.Protocol.ToolCalls;

/// <summary>Reads JSON calls one after the other: <c>[{..}, {..}]</c>, or objects in a row.</summary>
internal static class JsonCallList
{
    /// <summary>Reads up to and with <paramref name="closer"/>, or up to what is no call. The caller holds the text since the calls' beginning.</summary>
    public static IEnumerable<Need> Read(RawReading reading, string? closer, JsonCallForm form)
    {
        var scanner = reading.Scanner;
        var findings = new List<string>();
        bool isList = false, isCut = false;
        int before = reading.Writer.Calls, objects = 0;
        while (true)
        {
            foreach (var need in PastSpace(reading, closer)) yield return need;
            char next = scanner.Rest.IsEmpty ? '\0' : scanner.Rest[0];
            if (next == '{' && (isList || closer is not null || objects == 0))
            {
                objects++;
                if (reading.Writer.Calls > before) scanner.Hold();
                foreach (var need in ReadObject(reading, closer, form, findings)) yield return need;
                isCut = reading.Mark is null;
                if (isCut) break;
            }
            else if (next == '[' && objects == 0 && !isList)
            {
                isList = true;
                scanner.Skip(1);
            }
            else if (next == ',' && isList)
            {
                scanner.Skip(1);
            }
            else
            {
                if (isList && next == ']') scanner.Skip(1);
                break;
            }
        }

        if (!isCut && closer is not null)
        {
            foreach (var need in reading.SkipMarkAfterSpace(closer)) yield return need;
        }

        bool isMade = reading.Writer.Calls > before;
        if (!isMade && objects == 0 && !isList) findings.Add("A tool call was begun and not made.");
        if (isCut || (!isMade && findings.Count > 0)) reading.GiveBack(null);
        foreach (string finding in findings) reading.Writer.Finding(finding);
    }

    /// <summary>Leaves out white space where more of the list follows it; before other text it is text.</summary>
    private static IEnumerable<Need> PastSpace(RawReading reading, string? closer)
    {
        var scanner = reading.Scanner;
        while (scanner.SpaceLength() == scanner.Rest.Length && !scanner.IsComplete) yield return Need.More;
        int space = scanner.SpaceLength();
        if (space == scanner.Rest.Length) yield break;
        bool goesOn = scanner.Rest[space] is '{' or '[' or ']' or ',' || closer is not null && scanner.Rest[space] == closer[0];
        if (goesOn && scanner.Rest[space] != closer?[0]) scanner.Skip(space);
    }

    /// <summary>Reads an object and makes a call of it. <see cref="RawReading.Mark"/> is <c>null</c> after one that is cut off.</summary>
    private static IEnumerable<Need> ReadObject(RawReading reading, string? closer, JsonCallForm form, List<string> findings)
    {
        var json = new System.Text.StringBuilder();
        foreach (var need in JsonObject.Read(reading, closer, json)) yield return need;
        if (reading.Mark is null) findings.Add("A tool call is cut off.");
        else if (JsonCall.Read(json.ToString(), form, out string wrong) is { } call) reading.Writer.Call(call.Name, call.Arguments, call.Id);
        else findings.Add(wrong);
    }
}
