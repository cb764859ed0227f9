using System.Collections.Frozen;
using Countersign.Protocol.Templates.Values;

namespace Countersign.Protocol.Templates.Functions;

/// <summary>Functions by name.</summary>
internal sealed class FunctionTable
{
    private readonly FrozenDictionary<string, Function> functions;

    public FunctionTable(params Function[] functions) : this(functions.AsEnumerable())
    {
    }

    public FunctionTable(IEnumerable<Function> functions) => this.functions = functions.ToFrozenDictionary(function => function.Name, StringComparer.Ordinal);

    public Function? Find(string name) => functions.GetValueOrDefault(name);

    /// <summary>The method of that name, bound to <paramref name="self"/>.</summary>
    public FunctionValue? Bind(Value self, string name) => Find(name) is { } function ? new FunctionValue(function, self) : null;
}
