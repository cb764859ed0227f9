using System.Globalization;
using System.Net;

namespace Countersign.Gateway.Configuration;

/// <summary>Where the server listens.</summary>
/// <param name="Host">An IP address, <c>localhost</c>, or <c>*</c> for every address of the machine.</param>
/// <param name="Port">The port; 0: any free one.</param>
public readonly record struct ListenAddress(string Host, int Port)
{
    /// <summary>Whether only this machine can reach it.</summary>
    public bool IsLoopback => Host == "localhost" || (IPAddress.TryParse(Host, out IPAddress? address) && IPAddress.IsLoopback(address));

    /// <summary>Reads <c>127.0.0.1:8080</c>, <c>[::1]:8080</c>, <c>localhost:8080</c> or <c>*:8080</c>; <c>null</c>: it is none of these.</summary>
    public static ListenAddress? Parse(string text)
    {
        int colon = text.LastIndexOf(':');
        if (colon <= 0 || !int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int port) || port > 65535) return null;
        string host = text[..colon];
        if (host is ['[', .. var inner, ']']) return IPAddress.TryParse(inner, out _) ? new ListenAddress(inner, port) : null;
        return host is "localhost" or "*" || (IPAddress.TryParse(host, out _) && !host.Contains(':')) ? new ListenAddress(host, port) : null;
    }
}
