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
var writer = new ProfileWriter(Path.GetFileName(output), finder);
(int written, int ours, int rare, int generic, int unknown) = (0, 0, 0, 0, 0);
foreach (var method in RecordedMethod.Read(recorded))
{
    if (method.Most < Few)
    {
        rare++;
    }
    else if (finder.Find(method) is not { } found)
    {
        unknown++;
    }
    else if (found.Method.Definition.GetGenericParameters().Count > 0)
    {
        generic++; // The text does not say which instance it is.
    }
    else
    {
        writer.Add(found.Type, found.Method, method.Seen);
        written++;
        if (method.Name.Contains("Countersign.", StringComparison.Ordinal)) ours++;
    }
}

writer.Save(output);
Console.WriteLine($"{written} methods ({ours} of Countersign or with its types); left out: {rare} that ran less than {Few} times, {generic} generic ones, {unknown} not found or not told apart");
return 0;
