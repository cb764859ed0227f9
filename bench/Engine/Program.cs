using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Countersign.Engine.Bench;
using Countersign.Engine.Kernels;

// engine-bench make FOLDER [135m|1b]...                 writes the synthetic models
// engine-bench run [--llama FOLDER] [--threads 1,2] [--repetitions 7] [--out FILE] MODEL.gguf...
// engine-bench table RESULT.json...                     prints the Markdown table of results
// engine-bench served THREADS,... MODEL.gguf...         prints times as a caller sees them
// engine-bench grammar VOCABULARY.gguf...              prints what token masks cost
switch (args)
{
    case ["make", string folder, .. string[] shapes]:
        Make(folder, shapes);
        return 0;
    case ["table", .. string[] results]:
        Console.Write(Table.Of([.. results.Select(static path => JsonSerializer.Deserialize(File.ReadAllText(path), ResultsJson.Default.Results)!)]));
        return 0;
    case ["run", .. string[] rest]:
        Run(rest);
        return 0;
    case ["served", string counts, .. string[] models]:
        foreach (string model in models) foreach (string count in counts.Split(',')) await ServedTimes.PrintAsync(model, int.Parse(count, CultureInfo.InvariantCulture), repetitions: 9);
        return 0;
    case ["grammar", .. string[] vocabularies]:
        foreach (string vocabulary in vocabularies) GrammarCost.Print(vocabulary);
        return 0;
    default:
        Console.Error.WriteLine("engine-bench make FOLDER [135m|1b]... | run [--llama FOLDER] [--threads 1,2] [--repetitions 7] [--out FILE] MODEL.gguf... | table RESULT.json... | served THREADS MODEL.gguf... | grammar VOCABULARY.gguf...");
        return 1;
}

static void Make(string folder, string[] shapes)
{
    foreach (string shape in shapes)
    {
        foreach (string mix in new[] { "Q8_0", "Q4_0", "Q4_K_M" })
        {
            using SyntheticModel model = shape == "1b" ? new(mix, 2048, 16, 32, 8, 8192, 128256) : new(mix, 576, 30, 9, 3, 1536, 49152);
            model.Write(Path.Combine(folder, $"{shape}-{mix}.gguf"));
        }
    }
}

static void Run(string[] arguments)
{
    string? llama = null, output = null;
    int[] threads = [1, Environment.ProcessorCount];
    int repetitions = 7;
    var models = new List<string>();
    for (int i = 0; i < arguments.Length; i++)
    {
        switch (arguments[i])
        {
            case "--llama": llama = arguments[++i]; break;
            case "--threads": threads = [.. arguments[++i].Split(',').Select(static text => int.Parse(text, CultureInfo.InvariantCulture))]; break;
            case "--repetitions": repetitions = int.Parse(arguments[++i], CultureInfo.InvariantCulture); break;
            case "--out": output = arguments[++i]; break;
            default: models.Add(arguments[i]); break;
        }
    }

    if (llama is not null) LlamaApi.Load(llama);
    string reference = llama is null ? "none" : "llama.cpp 0.5.0 (@node-llama-cpp/linux-x64 3.22.1): " + Marshal.PtrToStringUTF8(LlamaApi.SystemInfo());
    var results = new Results(TimeProvider.System.GetUtcNow(), Machine.Describe(), RuntimeInformation.FrameworkDescription, KernelChoice.FromEnvironment().ToString(), reference, repetitions, []);
    var comparison = new Comparison(repetitions, llama is not null);
    foreach (string model in models)
    {
        foreach (int count in threads)
        {
            foreach (Measurement measurement in comparison.Measure(model, count))
            {
                results.Measurements.Add(measurement);
                if (output is not null) File.WriteAllText(output, JsonSerializer.Serialize(results, ResultsJson.Default.Results) + "\n");
                Console.WriteLine($"{measurement.Model,-32} {measurement.Threads} {measurement.Test,-10} {measurement.Median,8:f1} ({measurement.Best:f1})   {measurement.ReferenceMedian,8:f1} ({measurement.ReferenceBest:f1})   {measurement.Ratio}");
            }
        }
    }
}
