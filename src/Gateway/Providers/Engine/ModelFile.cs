using Countersign.Engine;
using Countersign.Gateway.Configuration;
using Countersign.Gateway.Dispatch;
using Countersign.Protocol.Problems;

namespace Countersign.Gateway.Providers.Engine;

/// <summary>A model, and the draft model that guesses for it: what is loaded together.</summary>
internal readonly record struct ModelUse(string Model, DraftModel? Draft = null);

/// <summary>A model's file, and how it is loaded.</summary>
/// <param name="Path">The file, or the first part of a split model.</param>
/// <param name="Options">How.</param>
/// <param name="Bytes">The memory that it takes.</param>
internal sealed record ModelFile(string Path, EngineModelOptions Options, long Bytes)
{
    /// <summary>Finds a model, and its draft model, in their folder and reads their headers.</summary>
    /// <exception cref="EngineException">A file cannot be used.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="ProblemException">What is configured does not go together.</exception>
    public static ModelFile Find(ModelUse use, EngineOptions options) => Configured(() =>
    {
        string path = PathOf(use.Model, options);
        var loading = new EngineModelOptions
        {
            ContextLength = options.ContextLength == 0 ? 0 : Math.Min(options.ContextLength, EngineModelInfo.Read(path).ContextLength),
            Threads = options.Threads,
            ExpectedSha256 = Sha256Sums.Find(path),
            Draft = use.Draft is { } draft ? DraftOf(draft, PathOf(draft.Model, options)) : null,
        };
        return new ModelFile(path, loading, MemoryNeed.Of(path, loading).Total);
    });

    /// <summary>The same, telling how much of it is loaded.</summary>
    public ModelFile Watched(Action<double>? progress) => this with { Options = Options with { Progress = progress } };

    /// <summary>Loads it. Takes as long as reading the file.</summary>
    /// <exception cref="EngineException">A file cannot be used.</exception>
    /// <exception cref="ProblemException">What is configured does not go together.</exception>
    public EngineModel Load() => Configured(() => EngineModel.Load(Path, Options, CancellationToken.None));

    /// <summary>What is wrong here is not wrong in the caller's request.</summary>
    private static T Configured<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (EngineException wrong) when (wrong.Kind == EngineErrorKind.InvalidRequest)
        {
            throw new ProblemException(new Problem(ProblemKind.UpstreamUnavailable, wrong.Message, Code: "model_not_loadable"));
        }
    }

    private static DraftOptions DraftOf(DraftModel draft, string path) => new() { Path = path, Most = draft.Most, Least = draft.Least, ExpectedSha256 = Sha256Sums.Find(path) };

    private static string PathOf(string name, EngineOptions options) => ModelFolder.Find(options.Models, name) ?? throw new FileNotFoundException($"There is no {name}.gguf in {options.Models}.");
}
