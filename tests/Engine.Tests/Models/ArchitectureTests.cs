using System.Text.Json;
using Countersign.Engine.Gguf;
using Countersign.Engine.Kernels;
using Countersign.Engine.Models;
using Countersign.Engine.Tests.Fixtures;
using Countersign.Engine.Tests.Gguf;
using Countersign.Tests;

namespace Countersign.Engine.Tests.Models;

public sealed class ArchitectureTests(ITestOutputHelper output)
{
    public static TheoryData<string, string> Levels => new()
    {
        { "scalar", "committed" }, { "scalar", "shared" },
        { "avx2", "committed" }, { "avx2", "shared" },
        { "avxvnni", "committed" }, { "avxvnni", "shared" },
        { "avx512", "committed" }, { "avx512", "shared" },
    };

    [Theory]
    [MemberData(nameof(Levels))]
    public void Forward_EveryFixture_WithinItsLimits(string level, string set)
    {
        KernelLevel kernels = Enum.Parse<KernelLevel>(level, ignoreCase: true);
        if (!KernelChoice.IsSupported(kernels)) Assert.Skip($"this machine has no {level}.");
        CompareAll(kernels, set == "shared" ? SharedData.Require("data/engine/arch") : Fixture.Path("arch"));
    }

    [Fact]
    public void Load_UnknownArchitecture_IsRefusedByName()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("m.gguf", new GgufBytes().Text("general.architecture", "hyperformer").Build());
        using GgufFile file = GgufFile.Open(path);
        string message = Assert.Throws<GgufException>(() => Architectures.Read(file, 0)).Message;
        Assert.Contains("'hyperformer' is not supported", message, StringComparison.Ordinal);
    }

    private void CompareAll(KernelLevel level, string folder)
    {
        JsonElement tolerances = ArchitectureFixture.ReadJson(Path.Combine(folder, "tolerances.json"));
        var failures = new List<string>();
        string[] paths = Directory.GetFiles(folder, "*.gguf");
        Assert.True(paths.Length >= 19, $"only {paths.Length} fixtures");
        foreach (string path in paths.Order(StringComparer.Ordinal))
        {
            try
            {
                var (problems, maxAbs) = new ArchitectureFixture(path, tolerances).Compare(level);
                output.WriteLine($"{Path.GetFileName(path)}: largest difference {maxAbs:g3}");
                failures.AddRange(problems.Select(problem => $"{Path.GetFileName(path)}: {problem}"));
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                failures.Add($"{Path.GetFileName(path)}: {exception.GetType().Name}: {exception.Message} {exception.StackTrace?.Split('\n')[0]}");
            }
        }

        Assert.True(failures.Count == 0, string.Join('\n', failures));
    }
}
