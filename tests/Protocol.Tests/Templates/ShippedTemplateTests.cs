using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Templates;
using Countersign.Tests;

namespace Countersign.Protocol.Tests.Templates;

/// <summary>The chat template inside the model that ships with the repository.</summary>
public class ShippedTemplateTests
{
    private static readonly string Models = Path.Combine(SharedData.RepositoryRoot, "models");

    [Fact]
    public void SmolLm2_ReferencePrompts_RenderTheSame()
    {
        var template = ChatTemplate.Parse(TemplateOf("SmolLM2-135M-Instruct.Q4_1.gguf"));
        foreach (string line in File.ReadLines(Path.Combine(Models, "SmolLM2-135M-Instruct.reference.jsonl")))
        {
            using var reference = JsonDocument.Parse(line);
            if (!reference.RootElement.TryGetProperty("messages", out var messages)) continue;

            string prompt = template.Render(new TemplateInputs { Messages = [.. messages.EnumerateArray().Select(Message)] });

            Assert.Equal(reference.RootElement.GetProperty("prompt").GetString(), prompt);
        }
    }

    [Fact]
    public void SmolLm2_WithSystemAndHistory_WritesChatMl()
    {
        var template = ChatTemplate.Parse(TemplateOf("SmolLM2-135M-Instruct.Q4_1.gguf"));

        string prompt = template.Render(new TemplateInputs
        {
            Messages =
            [
                ChatMessage.Of(ChatRole.Developer, "Be brief."), ChatMessage.Of(ChatRole.User, "Hi 👋"),
                ChatMessage.Of(ChatRole.Assistant, "Hello."), ChatMessage.Of(ChatRole.User, "Bye"),
            ],
        });

        Assert.Equal(
            "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nHi 👋<|im_end|>\n<|im_start|>assistant\nHello.<|im_end|>\n"
            + "<|im_start|>user\nBye<|im_end|>\n<|im_start|>assistant\n",
            prompt);
    }

    private static ChatMessage Message(JsonElement message) =>
        ChatMessage.Of(Enum.Parse<ChatRole>(message.GetProperty("role").GetString()!, ignoreCase: true), message.GetProperty("content").GetString()!);

    /// <summary>The metadata's string, found by its key: 4 bytes of type and 8 of length stand between the two.</summary>
    private static string TemplateOf(string model)
    {
        using var file = File.OpenRead(Path.Combine(Models, model));
        byte[] head = new byte[4 << 20];
        int length = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        var key = "tokenizer.chat_template"u8;
        var value = head.AsSpan(head.AsSpan(0, length).IndexOf(key) + key.Length);
        return Encoding.UTF8.GetString(value.Slice(12, (int)BinaryPrimitives.ReadUInt64LittleEndian(value[4..])));
    }
}
