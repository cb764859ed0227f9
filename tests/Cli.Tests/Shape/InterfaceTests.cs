using System.Reflection;
using System.Runtime.CompilerServices;

namespace Countersign.Cli.Tests.Shape;

/// <summary>An interface earns its place by a second implementation in the product.</summary>
public sealed class InterfaceTests
{
    private static readonly string[] Assemblies = ["Countersign.Protocol", "Countersign.Cascade", "Countersign.Engine", "Countersign.Gateway", "countersign"];

    [Fact]
    public void Interface_HasAtLeastTwoImplementations()
    {
        var types = Assemblies.Select(Assembly.Load).SelectMany(assembly => assembly.GetTypes()).Where(type => !type.IsDefined(typeof(CompilerGeneratedAttribute))).ToList();
        var interfaces = types.Where(type => type.IsInterface).ToList();
        Assert.NotEmpty(interfaces);
        var lonely = interfaces.Where(face => types.Count(type => !type.IsInterface && !type.IsAbstract && Implements(type, face)) < 2).Select(face => face.FullName);
        Assert.Empty(lonely);
    }

    private static bool Implements(Type type, Type face) =>
        type.GetInterfaces().Any(implemented => (implemented.IsGenericType ? implemented.GetGenericTypeDefinition() : implemented) == face);
}
