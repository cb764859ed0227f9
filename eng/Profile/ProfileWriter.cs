using System.IO.Compression;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;

namespace Countersign.Profile;

/// <summary>Writes a profile as .NET's compilers read it (<c>.mibc</c>; what reads it is <c>MIbcProfileParser</c> and <c>PgoFormat</c> of dotnet/runtime): an assembly, zipped, whose IL says method after method what was seen in it.</summary>
internal sealed class ProfileWriter
{
    private const int ChangesOffset = 1, ChangesKind = 2, ChangesCount = 4, ChangesOther = 8;

    private static readonly DateTimeOffset NoTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly string name;
    private readonly MethodFinder finder;
    private readonly MetadataWriter metadata;
    private readonly SortedDictionary<string, InstructionEncoder> groups = new(StringComparer.Ordinal);

    public ProfileWriter(string name, MethodFinder finder)
    {
        (this.name, this.finder, metadata) = (name, finder, new MetadataWriter(name, finder));
        var code = new InstructionEncoder(new BlobBuilder());
        foreach (var (key, value) in new[] { ("FormatVersion", "1.0"), ("Os", "Linux"), ("Arch", "x64"), ("Runtime", "CoreClr") })
        {
            code.LoadString(metadata.Text(key));
            code.LoadString(metadata.Text(value));
            code.OpCode(ILOpCode.Pop);
            code.OpCode(ILOpCode.Pop);
        }

        code.OpCode(ILOpCode.Ret);
        metadata.AddMethod("MibcConfig", code);
    }

    /// <summary>Adds what was seen in a method.</summary>
    public void Add(TypeName type, DefinedMethod method, IReadOnlyList<TypeName> arguments, IEnumerable<Probe> probes)
    {
        string library = method.Type.Library.Name;
        if (!groups.TryGetValue(library, out var code)) groups.Add(library, code = new InstructionEncoder(new BlobBuilder()));
        Load(code, metadata.Method(type, method, arguments));
        code.LoadString(metadata.Text("InstrumentationDataStart"));
        (int kind, int count, int other) = (0, 0, 0);
        foreach (var probe in probes)
        {
            code.LoadConstantI4(ChangesOffset | (probe.Kind == kind ? 0 : ChangesKind) | (probe.Count == count ? 0 : ChangesCount) | (probe.Other == other ? 0 : ChangesOther));
            code.LoadConstantI4(probe.IlOffset);
            if (probe.Kind != kind) code.LoadConstantI4(kind = probe.Kind);
            if (probe.Count != count) code.LoadConstantI4(count = probe.Count);
            if (probe.Other != other) code.LoadConstantI4(other = probe.Other);
            foreach (long number in probe.Numbers) Load(code, number);
            foreach (string handle in probe.Handles) Load(code, handle);
        }

        code.LoadString(metadata.Text("InstrumentationDataEnd"));
        code.OpCode(ILOpCode.Pop);
    }

    /// <summary>Writes the file.</summary>
    public void Save(string path)
    {
        var dictionary = new InstructionEncoder(new BlobBuilder());
        foreach (var (library, code) in groups)
        {
            dictionary.LoadString(metadata.Text($"{library};"));
            Load(dictionary, metadata.AddMethod($"Assemblies_{library}", code));
            dictionary.OpCode(ILOpCode.Pop);
        }

        metadata.AddMethod("AssemblyDictionary", dictionary);
        using var zip = new ZipArchive(File.Create(path), ZipArchiveMode.Create);
        var entry = zip.CreateEntry($"{name}.dll", CompressionLevel.SmallestSize);
        entry.LastWriteTime = NoTime;
        using var content = entry.Open();
        content.Write(metadata.ToArray());
    }

    private void Load(InstructionEncoder code, string handle)
    {
        string text = handle[(handle.IndexOf(' ', StringComparison.Ordinal) + 1)..];
        if (text == "NULL") code.LoadConstantI4(0);
        else if (text.Split("|@|") is [var method, var owner]) LoadMethod(code, method, owner);
        else if (finder.FindType(text) is { } type) Load(code, metadata.Type(type));
        else LoadUnknown(code, text);
    }

    private void LoadMethod(InstructionEncoder code, string method, string owner)
    {
        if (finder.FindMethod(method, owner) is { } found) Load(code, metadata.Method(found.Type, found.Method, []));
        else LoadUnknown(code, $"{method} {owner}");
    }

    /// <summary>Something was there, the same wherever the number is the same, but it has no name.</summary>
    private static void LoadUnknown(InstructionEncoder code, string text)
    {
        int hash = 0;
        foreach (char letter in text) hash = ((hash * 31) + letter) & 0xFFFFFF;
        code.LoadConstantI4(Math.Max(hash, 1));
    }

    private static void Load(InstructionEncoder code, long number)
    {
        if (number <= int.MaxValue) code.LoadConstantI4((int)number);
        else code.LoadConstantI8(number);
    }

    private static void Load(InstructionEncoder code, EntityHandle token)
    {
        code.OpCode(ILOpCode.Ldtoken);
        code.Token(token);
    }
}
