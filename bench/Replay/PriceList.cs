using System.Globalization;
using Countersign.Gateway.Configuration;
using Countersign.Gateway.Dispatch;

namespace Countersign.Replay;

/// <summary><c>prices.csv</c> beside the sets: what models charge, in US dollars per million tokens.</summary>
internal static class PriceList
{
    /// <summary>The deployments of a route file that have another price than the list says, each in a line. A model that the list does not know may have any.</summary>
    public static IReadOnlyList<string> Differences(GatewayConfiguration configuration, string file)
    {
        if (!File.Exists(file)) return [];
        var listed = File.ReadLines(file).Skip(1).Select(line => line.Split(',')).ToDictionary(cells => cells[0], cells => (Input: Usd(cells[1]), Output: Usd(cells[2])));
        return [.. configuration.Deployments.Values
            .Where(deployment => listed.TryGetValue(deployment.Model, out var price) && !HasPrice(deployment, price.Input, price.Output))
            .Select(deployment => $"{deployment.Name}: {Path.GetFileName(file)} says {listed[deployment.Model].Input} in and {listed[deployment.Model].Output} out for {deployment.Model}.")];
    }

    private static bool HasPrice(Deployment deployment, decimal input, decimal output) =>
        deployment.Prices.Count == 1 && deployment.Prices[0].Input == input && deployment.Prices[0].Output == output;

    private static decimal Usd(string cell) => decimal.Parse(cell, CultureInfo.InvariantCulture);
}
