using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Countersign.Load.Bench;

/// <summary>One connection that asks the same question again and again and checks every answer whole. Not thread-safe.</summary>
internal sealed class Client : IDisposable
{
    private readonly IPEndPoint address;
    private readonly Question question;
    private readonly byte[] request;
    private Socket? socket;
    private HttpReader? reader;

    public Client(int port, Question question)
    {
        (address, this.question) = (new IPEndPoint(IPAddress.Loopback, port), question);
        string head = $"POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\nAccept: */*\r\nAuthorization: Bearer {GatewayServer.Key}\r\nContent-Length: {question.Body.Length}\r\n\r\n";
        request = [.. Encoding.ASCII.GetBytes(head), .. question.Body];
    }

    /// <summary>Connects. Where that fails, the next question tries again and counts it.</summary>
    public void Open()
    {
        try
        {
            Connect();
        }
        catch (SocketException)
        {
            Dispose();
        }
    }

    /// <summary>Asks once and adds what came to <paramref name="tally"/>; the time counts from <paramref name="since"/>.</summary>
    public void Ask(Tally tally, long since)
    {
        try
        {
            if (socket is null) Connect();
            socket!.Send(request);
            if (!reader!.Read()) throw new InvalidDataException("The connection ended in place of an answer.");
            tally.Add(reader.Status == 200 && question.IsRight(reader.Body), Stopwatch.GetElapsedTime(since), reader);
        }
        catch (Exception exception) when (exception is SocketException or InvalidDataException)
        {
            tally.Fail(exception.Message);
            Dispose();
        }
    }

    public void Dispose()
    {
        socket?.Dispose();
        socket = null;
    }

    private void Connect()
    {
        socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveTimeout = 30_000 };
        socket.Connect(address);
        reader = new HttpReader(socket);
    }
}
