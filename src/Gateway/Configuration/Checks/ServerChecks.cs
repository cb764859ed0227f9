namespace Countersign.Gateway.Configuration.Checks;

/// <summary>How the server listens and who may ask.</summary>
internal static class ServerChecks
{
    public static void Run(CheckedFile file)
    {
        CheckListen(file);
        foreach (ConfiguredCaller caller in file.Configuration.Callers.Values) CheckCaller(caller, file);
        foreach (var same in file.Configuration.Callers.Values.Where(caller => caller.Key.Length > 0).GroupBy(caller => caller.Key).Where(group => group.Count() > 1))
        {
            file.Report($"The callers {string.Join(" and ", same.Select(caller => caller.Caller.Name))} have the same key.", "Give each its own.", "callers", same.Last().Caller.Name, "key");
        }
    }

    private static void CheckListen(CheckedFile file)
    {
        GatewayConfiguration configuration = file.Configuration;
        if (ListenAddress.Parse(configuration.Server.Listen) is not { } address)
        {
            file.Report($"\"{configuration.Server.Listen}\" is no address with a port.", "Write 127.0.0.1:8080, [::1]:8080, localhost:8080 or *:8080.", "server", "listen");
        }
        else if (!address.IsLoopback && configuration.Callers.Count == 0 && !configuration.Keys.Required)
        {
            file.Report($"\"{configuration.Server.Listen}\" can be reached from other machines, but no key is needed.",
                "Add a caller with a key under 'callers', or write 'keys: { required: true }' and make keys with 'countersign keys create'.", "server", "listen");
        }
    }

    private static void CheckCaller(ConfiguredCaller caller, CheckedFile file)
    {
        string name = caller.Caller.Name;
        if (caller.Key.Length is > 0 and < 16) file.Report("The key is shorter than 16 characters.", "Take a long random one, such as the output of 'openssl rand -hex 24'.", "callers", name, "key");
        int index = 0;
        foreach (string model in caller.Caller.Models ?? new HashSet<string>())
        {
            if (!NameChecks.IsModel(model, file.Configuration)) file.ReportUnknown(model, "route, pool or deployment", NameChecks.Models(file.Configuration), "callers", name, "models", index);
            index++;
        }
    }
}
