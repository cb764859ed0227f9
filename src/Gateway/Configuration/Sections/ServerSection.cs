using Countersign.Gateway.Configuration.Shapes;

namespace Countersign.Gateway.Configuration.Sections;

/// <summary>How the server listens, and where the ledger lives.</summary>
internal static class ServerSection
{
    public static readonly ObjectShape<ServerOptions> Server = new ObjectShape<ServerOptions>("How the server listens.", _ => new ServerOptions())
        .Optional("listen", "Address and port. Anything but loopback needs keys.", Scalars.Text, o => o.Listen, (o, listen) => o with { Listen = listen })
        .Optional("max_body", "The largest request body.", Scalars.Size, o => o.MaxBodyBytes, (o, bytes) => o with { MaxBodyBytes = bytes })
        .Optional("keep_alive", "How often a waiting stream is kept alive by a comment: a gated one, or one whose upstream has begun, but said nothing yet.", Scalars.Duration("100ms", "1h"), o => o.KeepAlive, (o, keepAlive) => o with { KeepAlive = keepAlive })
        .Optional("drain", "How long running requests may take to end when the server stops.", Scalars.Duration("0s", "1d"), o => o.Drain, (o, drain) => o with { Drain = drain })
        .Optional("otlp_endpoint", "Where OpenTelemetry traces and metrics go; none where it is left out and OTEL_EXPORTER_OTLP_ENDPOINT is not set.", Scalars.Url, (o, url) => o with { OtlpEndpoint = url });

    public static readonly ObjectShape<LedgerOptions> Ledger = new ObjectShape<LedgerOptions>("Where the ledger lives.", _ => new LedgerOptions())
        .Optional("path", "The SQLite file; made where it is missing. A relative path starts from this file's folder.", Scalars.Text, o => o.Path, (o, path) => o with { Path = path });
}
