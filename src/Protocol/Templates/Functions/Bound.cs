using System.Numerics;
using Countersign.Protocol.Templates.Values;

namespace Countersign.Protocol.Templates.Functions;

/// <summary>The arguments of a call, each at its parameter's place.</summary>
/// <param name="Function">The function's name, for messages.</param>
/// <param name="Self">The value that a filter, test or method is applied to.</param>
/// <param name="Values">By parameter; <c>null</c> where left out.</param>
/// <param name="All">As they were given.</param>
internal readonly record struct Bound(string Function, Value Self, Value?[] Values, Arguments All)
{
    public Value this[int parameter] => Values[parameter] ?? NoneValue.Instance;

    /// <summary>The text that the function is applied to.</summary>
    public string Subject => ((StringValue)Self).Text;

    public bool Has(int parameter) => Values[parameter] is not null and not NoneValue;

    public bool Flag(int parameter, bool otherwise = false) => Values[parameter]?.IsTrue ?? otherwise;

    public string Text(int parameter) => this[parameter] is StringValue text
        ? text.Text
        : throw TemplateException.Type($"{Function}() takes a text here, not '{this[parameter].TypeName}'");

    public string Text(int parameter, string otherwise) => Has(parameter) ? Text(parameter) : otherwise;

    /// <summary>An integer, brought into the range of 32 bits.</summary>
    public int Number(int parameter) => this[parameter] is IntValue or BoolValue
        ? (int)BigInteger.Clamp(Arithmetic.ToInteger(this[parameter]), int.MinValue, int.MaxValue)
        : throw TemplateException.Type($"{Function}() takes an integer here, not '{this[parameter].TypeName}'");

    public int Number(int parameter, int otherwise) => Has(parameter) ? Number(parameter) : otherwise;
}
