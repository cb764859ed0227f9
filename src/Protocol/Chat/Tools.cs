using System.Text.Json;

namespace Countersign.Protocol.Chat;

/// <summary>A tool that an answer may call.</summary>
public sealed record ToolDefinition
{
    /// <summary>The function's name; for tools that are no functions (a provider's own), their type.</summary>
    public required string Name { get; init; }

    /// <summary>What it is for.</summary>
    public string? Description { get; init; }

    /// <summary>JSON schema of the arguments; <c>null</c> where the caller gave none.</summary>
    public JsonElement? Parameters { get; init; }

    /// <summary>Whether the arguments must fit the schema exactly (OpenAI's <c>strict</c>).</summary>
    public bool? Strict { get; init; }

    /// <summary>Whether this is a function of the caller's. A provider's own tool is carried as <see cref="Wire"/> to the same API only.</summary>
    public bool IsFunction { get; init; } = true;

    /// <summary>The tool as the caller wrote it, in the form of the request's API.</summary>
    public JsonElement? Wire { get; init; }
}

/// <summary>Whether a tool must be called.</summary>
public enum ToolChoiceMode { Auto, None, Required, Named }

/// <summary>Whether and which tool must be called.</summary>
/// <param name="Mode">The rule.</param>
/// <param name="Name">The tool, for <see cref="ToolChoiceMode.Named"/>.</param>
public sealed record ToolChoice(ToolChoiceMode Mode, string? Name = null);

/// <summary>Forms that a text answer may have to take.</summary>
public enum ResponseFormatKind { Text, JsonObject, JsonSchema }

/// <summary>The form that the answer's text must have.</summary>
/// <param name="Kind">Which form.</param>
/// <param name="Name">The schema's name, as OpenAI wants one.</param>
/// <param name="Schema">The schema, for <see cref="ResponseFormatKind.JsonSchema"/>.</param>
/// <param name="Strict">Whether the upstream is asked to enforce it.</param>
/// <param name="Description">What the form is for, as OpenAI tells the model.</param>
public sealed record ResponseFormat(ResponseFormatKind Kind, string? Name = null, JsonElement? Schema = null, bool? Strict = null, string? Description = null);
