using System.Net;
using System.Net.Sockets;

namespace Countersign.Load.Bench;

/// <summary>A model server on loopback that always says the same, at once or as the model's name says. A thread per connection.</summary>
internal sealed class ConstantUpstream : IDisposable
{
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(50), Pace = TimeSpan.FromMilliseconds(5);

    private readonly Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public ConstantUpstream()
    {
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(512);
        new Thread(Accept) { IsBackground = true, Name = "upstream" }.Start();
    }

    public int Port => ((IPEndPoint)listener.LocalEndPoint!).Port;

    public void Dispose() => listener.Dispose();

    private void Accept()
    {
        try
        {
            while (true)
            {
                var socket = listener.Accept();
                socket.NoDelay = true;
                new Thread(() => Serve(socket), 256 * 1024) { IsBackground = true }.Start();
            }
        }
        catch (SocketException)
        {
            // Disposed of.
        }
    }

    private static void Serve(Socket socket)
    {
        using (socket)
        {
            try
            {
                var reader = new HttpReader(socket);
                while (reader.Read()) Answer(socket, reader.Body);
            }
            catch (Exception exception) when (exception is SocketException or InvalidDataException)
            {
                // Who asked went away.
            }
        }
    }

    private static void Answer(Socket socket, ReadOnlySpan<byte> body)
    {
        bool isGated = body.IndexOf("\"bench-gated"u8) >= 0; // The gateway takes drafts that it judges as streams, whatever its caller asked for.
        if (body.IndexOf("\"bench-delay50\""u8) >= 0) Thread.Sleep(Delay);
        if (body.IndexOf("\"stream\":true"u8) < 0) socket.Send(isGated ? ConstantAnswers.StructuredResponse : ConstantAnswers.WholeResponse);
        else Stream(socket, isGated ? ConstantAnswers.StructuredChunks : ConstantAnswers.StreamChunks, body.IndexOf("\"bench-pace5\""u8) >= 0, body.IndexOf("\"include_usage\":true"u8) >= 0);
    }

    private static void Stream(Socket socket, byte[][] chunks, bool isPaced, bool withUsage)
    {
        socket.Send(ConstantAnswers.StreamHead);
        foreach (byte[] chunk in chunks)
        {
            if (isPaced) Thread.Sleep(Pace);
            socket.Send(chunk);
        }

        socket.Send(withUsage ? ConstantAnswers.StreamEndWithUsage : ConstantAnswers.StreamEnd);
    }
}
