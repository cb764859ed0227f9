namespace Countersign.Engine.Tokenizers;

/// <summary>What kind of token an id is. The first six are GGUF's types; the strips say that white space beside a parsed special token belongs to it.</summary>
[Flags]
internal enum TokenAttributes : byte
{
    None = 0,
    Normal = 1,
    Unknown = 2,
    Control = 4,
    UserDefined = 8,
    Unused = 16,
    Byte = 32,
    LeftStrip = 64,
    RightStrip = 128,
}
