using Countersign.Protocol.Templates.Functions;
using Countersign.Protocol.Templates.Rendering;

namespace Countersign.Protocol.Templates.Values;

/// <summary>A value of the template language, which is Python's in all that a template can see.</summary>
internal abstract class Value
{
    /// <summary>The type's name in Python, for error messages.</summary>
    public abstract string TypeName { get; }

    /// <summary>Python's <c>bool(value)</c>.</summary>
    public virtual bool IsTrue => true;

    /// <summary>Python's <c>len(value)</c>; <c>null</c> where it has none.</summary>
    public virtual int? Length => null;

    /// <summary>Whether <c>iter(value)</c> works.</summary>
    public virtual bool IsIterable => false;

    /// <summary>Whether it can be called.</summary>
    public virtual bool IsCallable => false;

    /// <summary>Python's <c>repr(value)</c>.</summary>
    public abstract void WriteRepr(TextSink sink);

    /// <summary>Python's <c>str(value)</c>.</summary>
    public virtual void WriteText(TextSink sink) => WriteRepr(sink);

    /// <summary>A method or attribute of the type; <c>null</c> where there is none.</summary>
    public virtual Value? Attribute(string name, RenderContext context) => null;

    /// <summary>The item at a key or index; <c>null</c> where there is none.</summary>
    public virtual Value? Item(Value key, RenderContext context) => null;

    /// <summary>The items that a loop sees.</summary>
    public virtual IEnumerable<Value> Iterate() => throw TemplateException.Type($"'{TypeName}' object is not iterable");

    public virtual Value Call(RenderContext context, Arguments arguments) => throw TemplateException.Type($"'{TypeName}' object is not callable");
}
