using Countersign.Tests;

namespace Countersign.Cli.Tests.Commands;

/// <summary>Commands about models that run in this process, on the weights that ship and on tiny ones.</summary>
public sealed class EngineCommandTests
{
    private const string Chat = "SmolLM2-135M-Instruct.Q4_1", Embedder = "all-MiniLM-L6-v2-Q8_0", Tiny = "llama-w256.q8_0";

    private static readonly string Shipped = Path.Combine(SharedData.RepositoryRoot, "models");
    private static readonly string Fixtures = Path.Combine(SharedData.RepositoryRoot, "tests", "Engine.Tests", "Fixtures", "arch");

    [Fact]
    public async Task ModelsFiles_TellsWhatEachIs()
    {
        var ran = await Run.Async("models", "files", "--models", Shipped);
        Assert.Equal((0, ""), (ran.Code, ran.Error));
        string[] lines = ran.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, lines.Length);
        Assert.Matches($@"^{Chat} +llama +134\.5 M +Q4_1 +8,192 .* apache-2\.0 +text$", lines[1]);
        Assert.Matches($@"^{Embedder} +bert .* vectors$", lines[2]);
    }

    [Fact]
    public async Task ModelsShow_TellsMemoryAndDigest_OrWhatThereIs()
    {
        var ran = await Run.Async("models", "show", Chat, "--models", Shipped);
        Assert.Equal(0, ran.Code);
        Assert.Matches("memory +[0-9.]+ [MG]iB: weights", ran.Output);
        Assert.Contains("b179c9523d0e", ran.Output);
        var unknown = await Run.Async("models", "show", "nothing", "--models", Shipped);
        Assert.Equal((1, ""), (unknown.Code, unknown.Output));
        Assert.Contains($"Models there: {Chat}, {Embedder}.", unknown.Error);
    }

    [Fact]
    public async Task ModelsVerify_ComparesWithTheStatedDigest()
    {
        var folder = Directory.CreateTempSubdirectory("countersign-test-");
        string file = Path.Combine(folder.FullName, "a.gguf");
        File.Copy(Path.Combine(Fixtures, Tiny + ".gguf"), file);
        string digest = Engine.EngineModel.Digest(file, TestContext.Current.CancellationToken);
        Assert.Contains("no digest", (await Run.Async("models", "verify", "--models", folder.FullName)).Output);
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "SHA256SUMS"), $"{digest}  a.gguf\n", TestContext.Current.CancellationToken);
        Assert.Contains("as it should be", (await Run.Async("models", "verify", "a", "--models", folder.FullName)).Output);
        await File.AppendAllTextAsync(file, "x", TestContext.Current.CancellationToken);
        var damaged = await Run.Async("models", "verify", "--models", folder.FullName);
        Assert.Equal((1, ""), (damaged.Code, damaged.Output));
        Assert.Contains("damaged", damaged.Error);
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task ModelsVerify_OfNothing_SaysSo()
    {
        var ran = await Run.Async("models", "verify", "--models", "nowhere");
        Assert.Equal((1, "", "No GGUF files in nowhere.\n"), (ran.Code, ran.Output, ran.Error));
    }

    [Fact]
    public async Task Models_OfAFormatThatIsNotRead_SaySo()
    {
        var folder = Directory.CreateTempSubdirectory("countersign-");
        byte[] file = await File.ReadAllBytesAsync(Path.Combine(Fixtures, Tiny + ".gguf"), TestContext.Current.CancellationToken);
        byte[] name = "blk.0.ffn_down.weight"u8.ToArray();
        const int iq4Xs = 23;
        BitConverter.GetBytes(iq4Xs).CopyTo(file, file.AsSpan().IndexOf(name) + name.Length + 4 + 2 * 8); // Behind the number of dimensions and two of them.
        await File.WriteAllBytesAsync(Path.Combine(folder.FullName, "a.gguf"), file, TestContext.Current.CancellationToken);
        Assert.Contains("not read: IQ4_XS", (await Run.Async("models", "files", "--models", folder.FullName)).Output);
        Assert.Contains("the engine does not compute with weights in IQ4_XS", (await Run.Async("models", "show", "a", "--models", folder.FullName)).Output);
        var verified = await Run.Async("models", "verify", "--models", folder.FullName);
        Assert.Equal(1, verified.Code);
        Assert.Contains("fetch another quantisation, such as Q4_K_M", verified.Error);
        var chat = await Run.Async("chat", "a", "--models", folder.FullName, "-p", "hi");
        Assert.Equal(1, chat.Code);
        Assert.Contains("IQ4_XS", chat.Error);
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Chat_OnePrompt_IsAnsweredAndRepeatable()
    {
        string[] line = ["chat", Chat, "--models", Shipped, "-p", "What is the capital of France?", "--seed", "3", "-n", "8", "-c", "256"];
        var ran = await Run.Async(line);
        Assert.Equal((0, ""), (ran.Code, ran.Error));
        Assert.True(ran.Output.Trim().Length > 5, ran.Output);
        Assert.Equal(ran.Output, (await Run.Async(line)).Output);
        Assert.Equal(new Ran(1, "", "Nothing was asked.\n"), await Run.Async("chat", Chat, "--models", Shipped, "-p", " "));
        var wrong = await Run.Async("chat", Embedder, "--models", Shipped, "-p", "hi");
        Assert.Equal(1, wrong.Code);
        Assert.Contains("embedding model", wrong.Error);
    }

    [Fact]
    public async Task Bench_MeasuresPromptAndGeneration()
    {
        var ran = await Run.Async("bench", Tiny, "--models", Fixtures, "-p", "8", "-n", "4", "-r", "2", "-t", "1");
        Assert.Equal((0, ""), (ran.Code, ran.Error));
        Assert.Matches($@"{Tiny} .* 1 +pp8 +[0-9.]+ ± [0-9.]+\n{Tiny} .* 1 +tg4 +[0-9.]+ ± [0-9.]+", ran.Output);
    }

    [Fact]
    public async Task Bench_WithADraftModel_SaysHowManyGuessesHeld()
    {
        var ran = await Run.Async("bench", Tiny, "--models", Fixtures, "-p", "8", "-n", "24", "-r", "2", "-t", "1", "--model-draft", Tiny);
        Assert.Equal((0, ""), (ran.Code, ran.Error));
        Assert.Matches(@"tg24, drafted: ([0-9]+) of \1 held +[0-9.]+ ± [0-9.]+", ran.Output);
        var missing = await Run.Async("bench", Tiny, "--models", Fixtures, "--model-draft", "nobody");
        Assert.Equal(1, missing.Code);
        Assert.Contains("no model 'nobody'", missing.Error);
    }

    [Fact]
    public async Task Chat_WithADraftModel_AnswersTheSame()
    {
        string[] line = ["chat", Chat, "--models", Shipped, "-p", "What is the capital of France?", "--seed", "3", "-n", "12", "-c", "256"];
        Assert.Equal((await Run.Async(line)).Output, (await Run.Async([.. line, "--model-draft", Chat])).Output);
    }
}
