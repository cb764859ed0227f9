using System.Text;
using Countersign.Protocol.Templates.Rendering;

namespace Countersign.Protocol.Templates.Values;

/// <summary>What <c>encode()</c> gives: UTF-8, which a template can only measure or print.</summary>
internal sealed class BytesValue(string text) : Value
{
    public override string TypeName => "bytes";
    public override bool IsTrue => text.Length > 0;
    public override int? Length => Encoding.UTF8.GetByteCount(text);

    public override void WriteRepr(TextSink sink)
    {
        sink.Append("b'");
        foreach (byte code in Encoding.UTF8.GetBytes(text))
        {
            sink.Append((char)code switch
            {
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                '\\' => "\\\\",
                '\'' => "\\'",
                >= ' ' and < '\x7f' => ((char)code).ToString(),
                _ => $"\\x{code:x2}",
            });
        }

        sink.Append('\'');
    }
}
