using System.Runtime.InteropServices;
using System.Text.Json;
using Countersign.Engine.Bench;
using Countersign.Load.Bench;

const int Starts = 5;
string repository = Repository();
try
{
    var options = Options.Parse(args, repository);
    var results = options.IsPageOnly ? JsonSerializer.Deserialize(File.ReadAllText(options.Results!), ResultsJson.Default.Results)! : Run(options);
    if (!options.IsPageOnly && options.Results is { } file) File.WriteAllText(file, JsonSerializer.Serialize(results, ResultsJson.Default.Results) + "\n");
    if (options.Page is { } page) File.WriteAllText(page, LoadPage.Of(results));
    return results.Scenarios.All(static row => row.Gateway.Wrong == 0) ? 0 : 1;
}
catch (FormatException exception)
{
    Console.Error.WriteLine($"{exception.Message}\n{Options.Usage}");
    return 2;
}

Results Run(Options options)
{
    string published = options.Gateway ?? GatewayServer.Publish(repository);
    double load = Machine.Load();
    using var upstream = new ConstantUpstream();
    using var nginx = new NginxServer(upstream.Port);
    using var gateway = new GatewayServer(published, upstream.Port);
    var (nginxStart, gatewayStart) = (StartOften(nginx), StartOften(gateway));
    Console.WriteLine($"start: nginx {nginxStart} ms, gateway {gatewayStart} ms");
    var comparison = new Comparison(upstream, nginx, gateway, options.Rounds, options.Time);
    var rows = new List<ScenarioResult>();
    foreach (var scenario in options.Scenarios)
    {
        rows.Add(comparison.Measure(scenario));
        Print(rows[^1]);
    }

    return new Results(TimeProvider.System.GetUtcNow(), Machine.Describe(), load, $"{RuntimeInformation.FrameworkDescription}", NginxServer.Version(), options.Rounds, options.Time.TotalSeconds, nginxStart, gatewayStart, rows)
    {
        Soak = options.SoakMinutes > 0 ? Comparison.Soak(gateway, options.SoakMinutes, TimeProvider.System) : null,
    };
}

static double StartOften(Server server)
{
    var times = new List<double>();
    for (int i = 0; i < Starts; i++)
    {
        server.Stop();
        times.Add(server.Start().TotalMilliseconds);
    }

    return Math.Round(Comparison.Median(times), 1);
}

static void Print(ScenarioResult row) => Console.WriteLine(
    $"{row.Name}  CPU {row.Nginx.CpuMilliseconds:0.000} -> {row.Gateway.CpuMilliseconds:0.000} = {row.CpuRatio:0.00}x   p50 {row.Direct.P50:0.00} / {row.Nginx.P50:0.00} / {row.Gateway.P50:0.00}   p99 {row.Direct.P99:0.00} / {row.Nginx.P99:0.00} / {row.Gateway.P99:0.00}   RSS {row.Gateway.RssMegabytes:0}   right {row.Nginx.Right} / {row.Gateway.Right}, wrong {row.Gateway.Wrong}");

static string Repository()
{
    for (string? folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
    {
        if (File.Exists(Path.Combine(folder, "Countersign.slnx"))) return folder;
    }

    throw new InvalidOperationException("This program runs from within its repository.");
}
