using Countersign.Engine;
using Countersign.Gateway.Configuration;

namespace Countersign.Gateway.Providers.Engine;

/// <summary>A model's file, and how it is loaded.</summary>
/// <param name="Path">The file, or the first part of a split model.</param>
/// <param name="Options">How.</param>
/// <param name="Bytes">The memory that it takes.</param>
internal sealed record ModelFile(string Path, EngineModelOptions Options, long Bytes)
{
    /// <summary>Finds a model in its folder and reads its header.</summary>
    /// <exception cref="EngineException">There is no such file, or it cannot be used.</exception>
    public static ModelFile Find(string name, EngineOptions options)
    {
        string path = ModelFolder.Find(options.Models, name) ?? throw new FileNotFoundException($"There is no {name}.gguf in {options.Models}.");
        var loading = new EngineModelOptions
        {
            ContextLength = options.ContextLength == 0 ? 0 : Math.Min(options.ContextLength, EngineModelInfo.Read(path).ContextLength),
            Threads = options.Threads,
            ExpectedSha256 = Sha256Sums.Find(path),
        };
        return new ModelFile(path, loading, MemoryNeed.Of(path, loading).Total);
    }
}
