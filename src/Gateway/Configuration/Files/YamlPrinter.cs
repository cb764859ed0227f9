using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Countersign.Gateway.Configuration.Files;

/// <summary>Writes nodes as YAML: environment variables put in, and secrets as they were written where that is <c>${NAME}</c>, else as <c>***</c>.</summary>
internal static class YamlPrinter
{
    private const string Hidden = "***";

    private static readonly string[] SecretKeys = ["key", "api_key", "token", "secret", "password", "headers"];

    public static string Print(ConfigNode node)
    {
        var text = new StringWriter { NewLine = "\n" };
        var emitter = new Emitter(text, new EmitterSettings().WithIndentedSequences());
        emitter.Emit(new StreamStart());
        emitter.Emit(new DocumentStart(null, null, true));
        Write(node, false, emitter);
        emitter.Emit(new DocumentEnd(true));
        emitter.Emit(new StreamEnd());
        return text.ToString();
    }

    private static void Write(ConfigNode node, bool isSecret, Emitter emitter)
    {
        switch (node)
        {
            case ScalarNode { IsNull: true }:
                emitter.Emit(ScalarOf("null", true));
                break;
            case ScalarNode scalar:
                emitter.Emit(isSecret && scalar.Text.Length > 0 ? ScalarOf(Masked(scalar), false) : ScalarOf(Expansion.Escape(scalar.Text), scalar.IsPlain));
                break;
            case ListNode list:
                emitter.Emit(new SequenceStart(AnchorName.Empty, TagName.Empty, true, list.Items.Count == 0 ? SequenceStyle.Flow : SequenceStyle.Block));
                foreach (ConfigNode item in list.Items) Write(item, isSecret, emitter);
                emitter.Emit(new SequenceEnd());
                break;
            case MapNode map:
                emitter.Emit(new MappingStart(AnchorName.Empty, TagName.Empty, true, map.Entries.Count == 0 ? MappingStyle.Flow : MappingStyle.Block));
                foreach (MapEntry entry in map.Entries) WriteEntry(entry, isSecret, emitter);
                emitter.Emit(new MappingEnd());
                break;
        }
    }

    private static void WriteEntry(MapEntry entry, bool isSecret, Emitter emitter)
    {
        emitter.Emit(ScalarOf(entry.Key, true));
        Write(entry.Value, isSecret || SecretKeys.Contains(entry.Key), emitter);
    }

    private static string Masked(ScalarNode scalar) => Expansion.IsReference(scalar.Written) ? scalar.Written : Hidden;

    private static Scalar ScalarOf(string text, bool isPlain) => new(AnchorName.Empty, TagName.Empty, text, isPlain ? ScalarStyle.Plain : ScalarStyle.DoubleQuoted, true, true);
}
