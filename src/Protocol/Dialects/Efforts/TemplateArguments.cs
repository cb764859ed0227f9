using System.Text.Json;
using System.Text.Json.Nodes;
using Countersign.Protocol.Chat;

namespace Countersign.Protocol.Dialects.Efforts;

/// <summary>The variables by which a chat template that is rendered here is told how much to think.</summary>
public static class TemplateArguments
{
    private const string Field = "chat_template_kwargs";

    /// <summary>The request with them among its <c>chat_template_kwargs</c>; the caller's others stay.</summary>
    public static ChatRequest Add(ChatRequest request, AppliedThinking applied)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(applied);
        if (applied.Fields?[Field] is not JsonObject told) return request;
        var all = request.Extra.TryGetValue(Field, out var given) && given.ValueKind == JsonValueKind.Object ? JsonObject.Create(given)! : [];
        foreach (var (name, value) in told) all[name] = value?.DeepClone();
        return request with { Extra = new Dictionary<string, JsonElement>(request.Extra) { [Field] = JsonElement.Parse(all.ToJsonString()) } };
    }
}
