namespace Countersign.Protocol.Templates;

/// <summary>Why a template failed; the names are those of the reference data.</summary>
internal enum TemplateFault { Syntax, Undefined, Type, Sandbox, Raised, Limit, Other }

/// <summary>A template's failure on its way to <see cref="ChatTemplate"/>, which makes a problem of it.</summary>
internal sealed class TemplateException(TemplateFault fault, string message, int line = 0) : Exception(message)
{
    public TemplateFault Fault { get; } = fault;

    /// <summary>The line of the template, from 1; 0 where the one who throws does not know it.</summary>
    public int Line { get; } = line;

    public static TemplateException Type(string message) => new(TemplateFault.Type, message);

    public static TemplateException Other(string message) => new(TemplateFault.Other, message);

    public static TemplateException Limit(string message) => new(TemplateFault.Limit, message);
}
