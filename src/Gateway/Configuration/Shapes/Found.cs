using Countersign.Gateway.Configuration.Files;

namespace Countersign.Gateway.Configuration.Shapes;

/// <summary>Shows what was found, as it was written: what came from the environment is never shown.</summary>
internal static class Found
{
    private const int MaxShown = 60;

    public static string In(ConfigNode node) => node is ScalarNode { IsNull: false } scalar ? $"\"{Short(scalar.Written)}\"" : node.Kind;

    private static string Short(string text) => text.Length <= MaxShown ? text : $"{text[..MaxShown]}...";
}
