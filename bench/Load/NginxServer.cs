using System.Diagnostics;

namespace Countersign.Load.Bench;

/// <summary>nginx, which passes everything on unread: the least that a hop costs. One worker, connections kept alive on both sides.</summary>
internal sealed class NginxServer(int upstream) : Server
{
    private static readonly string Program = File.Exists("/usr/sbin/nginx") ? "/usr/sbin/nginx" : "nginx";

    public override string Name => "nginx";

    /// <summary>Its version, as it tells it.</summary>
    public static string Version()
    {
        using var process = Process.Start(new ProcessStartInfo(Program, "-v") { RedirectStandardError = true })!;
        string text = process.StandardError.ReadToEnd().Trim();
        process.WaitForExit();
        return text[(text.IndexOf(':') + 1)..].Trim();
    }

    protected override ProcessStartInfo Command()
    {
        string file = Path.Combine(Folder, "nginx.conf");
        File.WriteAllText(file, Configuration());
        return new ProcessStartInfo(Program, ["-c", file, "-p", Folder, "-e", Path.Combine(Folder, "error.log")]);
    }

    private string Configuration() => $$"""
        worker_processes 1;
        daemon off;
        pid {{Folder}}/nginx.pid;
        events { worker_connections 4096; }
        http {
          access_log off;
          client_body_temp_path {{Folder}}/body; proxy_temp_path {{Folder}}/proxy; fastcgi_temp_path {{Folder}}/fastcgi; uwsgi_temp_path {{Folder}}/uwsgi; scgi_temp_path {{Folder}}/scgi;
          client_body_buffer_size 128k;
          keepalive_requests 10000000;
          tcp_nodelay on;
          upstream model { server 127.0.0.1:{{upstream}}; keepalive 128; keepalive_requests 10000000; }
          server {
            listen 127.0.0.1:{{Port}};
            location / { proxy_pass http://model; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_buffering off; }
          }
        }
        """;
}
