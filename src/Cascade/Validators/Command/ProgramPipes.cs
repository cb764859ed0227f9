using System.Diagnostics;

namespace Countersign.Cascade.Validators.Command;

/// <summary>Feeds a program and reads what it writes, up to a limit.</summary>
internal static class ProgramPipes
{
    public static async Task<ProgramResult> RunAsync(Process process, byte[] input, int maxBytes, CancellationToken cancellationToken)
    {
        var writing = WriteAsync(process.StandardInput.BaseStream, input, cancellationToken);
        var output = ReadAsync(process.StandardOutput.BaseStream, maxBytes, cancellationToken);
        var error = ReadAsync(process.StandardError.BaseStream, maxBytes, cancellationToken);

        // Whoever of the two runs over the limit ends the wait: the program would block on its full pipe for ever.
        var first = await Task.WhenAny(output, error);
        if ((await first).IsOver || (await output).IsOver || (await error).IsOver) return new ProgramResult(-1, [], [], $"wrote more than {maxBytes} bytes.");
        await process.WaitForExitAsync(cancellationToken);
        await writing;
        return new ProgramResult(process.ExitCode, (await output).Bytes, (await error).Bytes);
    }

    private static async Task WriteAsync(Stream stream, byte[] input, CancellationToken cancellationToken)
    {
        try
        {
            await using (stream) await stream.WriteAsync(input, cancellationToken);
        }
        catch (IOException)
        {
            // A program need not read what it is given.
        }
    }

    private static async Task<(byte[] Bytes, bool IsOver)> ReadAsync(Stream stream, int maxBytes, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[maxBytes + 1];
        int length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        return (buffer[..Math.Min(length, maxBytes)], length > maxBytes);
    }
}
