using Countersign.Protocol.Templates.Functions;
using Countersign.Protocol.Templates.Rendering;

namespace Countersign.Protocol.Templates.Values;

/// <summary>What a missing name, key or index gives: prints as nothing, is false, has no items, and fails where more is asked of it.</summary>
internal sealed class UndefinedValue : Value
{
    private readonly Value? owner;
    private readonly Value? key;
    private readonly string? message;
    private readonly TemplateFault fault = TemplateFault.Undefined;

    private UndefinedValue(Value? owner, Value? key) => (this.owner, this.key) = (owner, key);

    private UndefinedValue(TemplateFault fault, string? message) => (this.fault, this.message) = (fault, message);

    /// <summary>A name that nobody gave a value.</summary>
    public static UndefinedValue Name(string name) => new(TemplateFault.Undefined, $"'{name}' is undefined");

    /// <summary>A key, index or attribute that <paramref name="owner"/> does not have. The message is made only where it is needed.</summary>
    public static UndefinedValue Missing(Value owner, Value key) => new(owner, key);

    /// <summary>With a message of its own.</summary>
    public static UndefinedValue Because(string message) => new(TemplateFault.Undefined, message);

    /// <summary>A method that a template may not use.</summary>
    public static UndefinedValue Unsafe(string name, Value owner) =>
        new(TemplateFault.Sandbox, $"access to attribute '{name}' of '{owner.TypeName}' object is unsafe.");

    public override string TypeName => "Undefined";
    public override bool IsTrue => false;
    public override int? Length => 0;
    public override bool IsIterable => true;
    public override bool IsCallable => true;

    public override IEnumerable<Value> Iterate() => [];

    public override void WriteRepr(TextSink sink) => sink.Append("Undefined");

    public override void WriteText(TextSink sink)
    {
    }

    public override Value Attribute(string name, RenderContext context) => throw Error(context);

    public override Value Item(Value key, RenderContext context) => throw Error(context);

    public override Value Call(RenderContext context, Arguments arguments) => throw Error(context);

    /// <summary>The error of using it.</summary>
    public TemplateException Error(RenderContext context) => new(fault, message ?? Describe(context));

    private string Describe(RenderContext context)
    {
        string type = owner is NoneValue ? "None" : $"{owner!.TypeName} object";
        return key is StringValue ? $"'{type}' has no attribute {context.ReprOf(key)}" : $"{type} has no element {context.ReprOf(key!)}";
    }
}
