using Countersign.Cascade.Attempts;
using Countersign.Cascade.ChatClients;
using Countersign.Cascade.Money;
using Countersign.Cascade.Routes;
using Countersign.Cascade.Running;
using Countersign.Tests;
using Microsoft.Extensions.AI;

namespace Countersign.Cascade.Tests.ChatClients;

/// <summary>The sample of <c>src/Cascade/README.md</c>, compiled and run.</summary>
public class SampleTests
{
    [Fact]
    public async Task Sample_OfTheReadme_Works()
    {
        IChatClient gemma = FakeChatClient.Saying("6 * 7 = 42"), qwen = FakeChatClient.Saying("The answer is 42."), strong = FakeChatClient.Saying("42");

        var attempter = new ChatClientAttempter(new Dictionary<string, ChatClientDeployment>
        {
            ["gemma"] = new(gemma, Price: new Price { Input = 0.03m, Output = 0.06m }), // US dollars per million tokens
            ["qwen"] = new(qwen, Price: new Price { Input = 0.05m, Output = 0.10m }),
            ["strong"] = new(strong, Price: new Price { Input = 2.50m, Output = 10m }),
        }, TimeProvider.System);

        var route = new Route
        {
            Name = "arithmetic",
            Draft = new Stage { Deployments = ["gemma", "qwen"], Agreement = new AgreementPolicy(Need: 2, By: "number") },
            Escalation = [new Stage { Deployments = ["strong"] }],
        };

        IChatClient client = new CascadeChatClient(route, attempter, new CascadeRunner(TimeProvider.System));
        ChatResponse response = await client.GetResponseAsync("How much is 6 times 7?");
        var trace = (RequestTrace)response.AdditionalProperties![CascadeChatClient.TraceKey]!;

        Console.WriteLine($"{response.Text} (by {trace.Winner!.Deployment}, {trace.Attempts.Count} attempts, ${trace.TotalCost.Usd})");
        Assert.Equal(("6 * 7 = 42", "gemma", 2), (response.Text, trace.Winner.Deployment, trace.Attempts.Count));
    }

    [Fact]
    public void Sample_OfTheReadme_IsThisCode()
    {
        string folder = SharedData.RepositoryRoot;
        string readme = File.ReadAllText(Path.Combine(folder, "src", "Cascade", "README.md"));
        string sample = readme.Split("```csharp\n")[1].Split("```")[0];
        string code = Flat(File.ReadAllText(Path.Combine(folder, "tests", "Cascade.Tests", "ChatClients", "SampleTests.cs")));
        Assert.Contains(Flat(sample), code);
    }

    private static string Flat(string code) => string.Join('\n', code.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0));
}
