using System.Text.Json;
using Countersign.Gateway.Tests.Upstreams;

namespace Countersign.Gateway.Tests.Host;

/// <summary>The stream law up to the last byte: findings quote what they reject, and the <c>countersign</c> object, comments, errors and headers speak of them.</summary>
public sealed class StreamLawAnswerTests
{
    private const string Secret = "4111-1111-1111-1111";

    public static TheoryData<string, string, bool> Cases
    {
        get
        {
            var data = new TheoryData<string, string, bool>();
            (string Check, string Draft)[] rejected =
            [
                ("forbids: { patterns: ['[0-9]{4}(-[0-9]{4}){3}'] }", $"The card is {Secret}."),
                ("quotes: { quoted: true }", $"It says \"the card number is {Secret} and no other\"."),
                ("repetition: {}", string.Concat(Enumerable.Repeat($"{Secret} ", 200))),
                ("expression: { checks: ['card == 1'] }", $$"""{"card":"{{Secret}}"}"""),
                ("json_schema: { schema: { type: object, properties: { card: { const: 1 } } } }", $$"""{"card":"{{Secret}}"}"""),
                ("json_schema: { schema: { type: object, additionalProperties: false } }", $$"""{"{{Secret}}":1}"""),
                ("command: { run: [cat] }", Secret),
            ];
            foreach (var (check, draft) in rejected)
            {
                foreach (bool isStream in (bool[])[false, true]) data.Add(check, draft, isStream);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task RejectedDraft_LeavesNothingInWhatTheClientGets(string check, string draft, bool isStream)
    {
        foreach (string end in (string[])["escalate: { deployment: large, trusted: true }", "when_exhausted: error"])
        {
            await using var scene = await GatewayScene.StartAsync($"routes: {{ gated: {{ draft: {{ deployment: small }}, validate: [ {{ {check} }} ], {end} }} }}");
            scene.Cheap.Then(Says(draft));
            using var response = await scene.PostAsync("/v1/chat/completions", $$"""{"model":"gated","stream":{{(isStream ? "true" : "false")}},"messages":[{"role":"user","content":"hi"}]}""");
            string got = $"{response.Headers}{await response.Content.ReadAsStringAsync()}";
            Assert.DoesNotContain(Secret, got);
            Assert.Equal(end[0] == 'e' ? 200 : 422, (int)response.StatusCode);
            Assert.NotEqual("accept", (await scene.TraceOfAsync(response)).GetProperty("verdicts")[0].GetProperty("verdict").GetString());
        }
    }

    [Theory]
    [InlineData("command: { run: [sh, -c, '! grep -q 4111'] }", false)]
    [InlineData("command: { run: [sh, -c, '! grep -q 4111'] }", true)]
    [InlineData("forbids: { texts: ['4111'] }", true)]
    public async Task SecondChoice_Rejected_LeavesNothingOfEitherInWhatTheClientGets(string check, bool isStream)
    {
        await using var scene = await GatewayScene.StartAsync($"routes: {{ gated: {{ draft: {{ deployment: small }}, validate: [ {{ {check} }} ], escalate: {{ deployment: large, trusted: true }} }} }}");
        scene.Cheap.Then(Says("FIRST", Secret));
        using var response = await scene.PostAsync("/v1/chat/completions", $$"""{"model":"gated","n":2,"stream":{{(isStream ? "true" : "false")}},"messages":[{"role":"user","content":"hi"}]}""");
        string got = $"{response.Headers}{await response.Content.ReadAsStringAsync()}";
        Assert.DoesNotContain(Secret, got);
        Assert.DoesNotContain("FIRST", got);
        Assert.Equal("reject", (await scene.TraceOfAsync(response)).GetProperty("verdicts")[0].GetProperty("verdict").GetString());
    }

    /// <summary>As asked: a draft that can be cut off is asked for as a stream.</summary>
    private static Func<Microsoft.AspNetCore.Http.HttpContext, Task> Says(params string[] choices) => context =>
    {
        var texts = choices.Select((text, index) => (index, Words: JsonEncodedText.Encode(text).ToString()));
        return ApiAnswers.WantsStream(context)
            ? Script.WriteFramesAsync(context, [.. texts.Select(one => $$$"""data: {"choices":[{"index":{{{one.index}}},"delta":{"content":"{{{one.Words}}}"},"finish_reason":"stop"}]}""" + "\n\n"), "data: [DONE]\n\n"], TimeSpan.Zero)
            : Script.WriteAsync(context, 200, "application/json", $$$"""{"choices":[{{{string.Join(',', texts.Select(one => $$$"""{"index":{{{one.index}}},"message":{"role":"assistant","content":"{{{one.Words}}}"},"finish_reason":"stop"}"""))}}}]}""");
    };
}
