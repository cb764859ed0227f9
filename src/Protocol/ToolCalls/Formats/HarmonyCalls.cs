using Countersign.Protocol.ToolCalls.Scanning;

namespace Countersign.Protocol.ToolCalls;

/// <summary>gpt-oss, whose format governs the whole answer and not its calls alone.</summary>
internal sealed class HarmonyCalls() : ToolCallFormat("harmony")
{
    internal override IReadOnlyList<string> Openers => [];

    internal override bool ReadsWholeAnswer => true;

    internal override IEnumerable<Need> Read(RawReading reading) => HarmonyReading.Read(reading);
}
