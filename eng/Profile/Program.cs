using System.Reflection.Metadata;
using Countersign.Profile;

// profile RECORDED FOLDER OUT.mibc: makes the native compiler's profile from what the runtime recorded of the program in FOLDER. eng/profile.sh runs it.
const int Few = 100; // What ran less often did so at the start or once in a while; its counts are left out.
if (args is not [var recorded, var folder, var output])
{
    Console.Error.WriteLine("profile RECORDED FOLDER OUT.mibc");
    return 2;
}

using var libraries = new Libraries(folder);
var finder = new MethodFinder(libraries);
var generics = new GenericArguments(libraries, finder);
var writer = new ProfileWriter(Path.GetFileName(output), finder);
var found = RecordedMethod.Read(recorded).Select(method => (Recorded: method, Named: finder.Find(method))).ToList();
foreach (var (type, _) in found.SelectMany(static method => method.Named)) generics.See(type);

(int written, int ours, int rare, int unknown) = (0, 0, 0, 0);
foreach (var (method, named) in found)
{
    if (method.Most < Few)
    {
        rare++;
        continue;
    }

    var known = named.Select(it => (it.Type, it.Method, Arguments: Arguments(method, it.Type, it.Method))).Where(static it => it.Arguments is not null).ToList();
    foreach (var (type, definition, arguments) in known) writer.Add(type, definition, arguments!, method.Seen);
    if (known.Count == 0) unknown++;
    else written++;
    if (known.Count > 0 && method.Name.Contains("Countersign.", StringComparison.Ordinal)) ours++;
}

writer.Save(output);
Console.WriteLine($"{written} methods, {ours} of them of Countersign or with its types; left out: {rare} that ran less than {Few} times, {unknown} that were not found or not told apart");
return 0;

IReadOnlyList<TypeName>? Arguments(RecordedMethod recorded, TypeName type, DefinedMethod method) =>
    method.Definition.GetGenericParameters().Count == 0 ? [] : generics.Find(type, method, recorded.Hash);
