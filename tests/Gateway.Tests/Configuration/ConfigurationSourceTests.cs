using Countersign.Gateway.Configuration;
using Microsoft.Extensions.Logging;

namespace Countersign.Gateway.Tests.Configuration;

public sealed class ConfigurationSourceTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("countersign-reload-").FullName;
    private readonly Recorder log = new();

    private string FilePath => Path.Combine(folder, "countersign.yaml");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Reload_GoodFile_ReplacesTheSnapshot()
    {
        using ConfigurationSource source = Start("providers: { a: { api: anthropic } }");
        GatewayConfiguration before = source.Current;
        GatewayConfiguration? told = null;
        source.Changed += next => told = next;
        File.WriteAllText(FilePath, "providers: { b: { api: anthropic } }");
        Assert.True(source.Reload());
        Assert.Same(source.Current, told);
        Assert.Equal(["b"], source.Current.Providers.Keys);
        Assert.Equal(["a"], before.Providers.Keys);
    }

    [Fact]
    public void Reload_BadFile_ChangesNothingAndLogsEveryProblem()
    {
        using ConfigurationSource source = Start("providers: { a: { api: anthropic } }");
        GatewayConfiguration before = source.Current;
        File.WriteAllText(FilePath, "provider: {}\nserver: { drain: long }");
        Assert.False(source.Reload());
        Assert.Same(before, source.Current);
        Assert.Contains(log.Lines, line => line.Contains(":1:1 provider:", StringComparison.Ordinal));
        Assert.Contains(log.Lines, line => line.Contains(":2:18 server.drain:", StringComparison.Ordinal));
        Assert.Contains(log.Lines, line => line.Contains("has 2 problems", StringComparison.Ordinal));
    }

    [Fact]
    public void Reload_OtherAddress_SaysThatItNeedsARestart()
    {
        using ConfigurationSource source = Start("");
        File.WriteAllText(FilePath, "server: { listen: 127.0.0.1:9999 }");
        Assert.True(source.Reload());
        Assert.Contains(log.Lines, line => line.Contains("take effect when the server starts again", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task File_WrittenOrReplaced_IsTakenOver(bool byRenaming)
    {
        using ConfigurationSource source = Start("providers: { a: { api: anthropic } }");
        string written = byRenaming ? FilePath + ".new" : FilePath;
        File.WriteAllText(written, "providers: { b: { api: anthropic } }");
        if (byRenaming) File.Move(written, FilePath, overwrite: true);
        await TakenOverAsync(source);
    }

    [Fact]
    public async Task File_OfTheSameLengthWrittenInTheSameTick_IsTakenOver()
    {
        using ConfigurationSource source = Start("providers: { a: { api: anthropic } }");
        DateTime written = File.GetLastWriteTimeUtc(FilePath);
        File.WriteAllText(FilePath, "providers: { b: { api: anthropic } }");
        File.SetLastWriteTimeUtc(FilePath, written);
        await TakenOverAsync(source);
    }

    [Fact]
    public async Task File_WrittenBetweenItsLoadAndTheFirstLook_IsTakenOver()
    {
        using ConfigurationSource source = Start("providers: { a: { api: anthropic } }", writtenMeanwhile: "providers: { b: { api: anthropic } }");
        await TakenOverAsync(source);
    }

    private static async Task TakenOverAsync(ConfigurationSource source)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!source.Current.Providers.ContainsKey("b")) await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, patience.Token);
    }

    private ConfigurationSource Start(string yaml, string? writtenMeanwhile = null)
    {
        File.WriteAllText(FilePath, yaml);
        var environment = new ConfigurationEnvironment(_ => null, folder);
        LoadedConfiguration loaded = ConfigurationLoader.LoadFile(FilePath, environment);
        if (writtenMeanwhile is not null) File.WriteAllText(FilePath, writtenMeanwhile);
        return new ConfigurationSource(loaded, FilePath, environment, TimeProvider.System, log);
    }

    private sealed class Recorder : ILogger<ConfigurationSource>
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (Lines) Lines.Add(formatter(state, exception));
        }
    }
}
