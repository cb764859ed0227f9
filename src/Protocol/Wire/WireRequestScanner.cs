using System.Text.Json;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire.Json;

namespace Countersign.Protocol.Wire;

/// <summary>Finds in a request's body what a plain gateway must know, in one pass and without a tree; a body that passes is valid JSON in UTF-8, and the fields that the API's reference
/// names are of the right type. Values beyond their type, such as a role nobody knows, are left to an upstream of the same API, which may know more of them.</summary>
public static class WireRequestScanner
{
    /// <summary>Scans a body.</summary>
    /// <param name="api">The API of the endpoint that it came to.</param>
    /// <param name="body">The bytes as received. They are kept, so they must live and stay as long as the request.</param>
    /// <exception cref="ProblemException">The body cannot be understood; names the parameter.</exception>
    public static WireRequest Scan(WireApiKind api, ReadOnlyMemory<byte> body, string? betas = null)
    {
        try
        {
            var fields = new Fields(api);
            var scanner = new BodyScanner(body.Span);
            while (scanner.NextField()) fields.Take(ref scanner);
            return fields.Build(body, scanner.Brace, betas);
        }
        catch (JsonException e)
        {
            throw JsonText.NotJson(e);
        }
    }

    private struct Fields(WireApiKind api)
    {
        private string? model, promptCacheKey;
        private bool stream, includeUsage, hasConversation, asksThinking;
        private int? maxTokens, maxCompletionTokens, choices;
        private ByteRange modelAt, maxTokensAt, maxCompletionTokensAt, streamOptionsAt, includeUsageAt, toolsAt, toolChoiceAt;
        private ConversationCheck conversation = new(api);

        private readonly bool IsChat => api == WireApiKind.OpenAiChat;
        private readonly bool IsResponses => api == WireApiKind.OpenAiResponses;

        public void Take(ref BodyScanner scanner)
        {
            var name = scanner.Name;
            if (name.SequenceEqual("model"u8)) model = scanner.TakeModel(out modelAt);
            else if (name.SequenceEqual("stream"u8)) stream = scanner.FlagOrNull() ?? false;
            else if (name.SequenceEqual(IsResponses ? "max_output_tokens"u8 : "max_tokens"u8)) maxTokens = TakeLimit(ref scanner, out maxTokensAt);
            else if (name.SequenceEqual("max_completion_tokens"u8) && IsChat) maxCompletionTokens = TakeLimit(ref scanner, out maxCompletionTokensAt);
            else if (name.SequenceEqual("n"u8) && IsChat) choices = scanner.IntegerOrNull(1, WireLimits.Choices);
            else if (name.SequenceEqual("stream_options"u8) && IsChat) TakeStreamOptions(ref scanner);
            else if (name.SequenceEqual("tools"u8)) toolsAt = scanner.Skip();
            else if (name.SequenceEqual("tool_choice"u8)) toolChoiceAt = scanner.Skip();
            else if (name.SequenceEqual("prompt_cache_key"u8)) promptCacheKey = scanner.TextOrNull();
            else if (name.SequenceEqual(IsResponses ? "input"u8 : "messages"u8)) TakeConversation(ref scanner);
            else if (RangeOf(name) is var (least, most)) scanner.CheckNumberOrNull(least, most);
            else if (name.SequenceEqual("seed"u8) && IsChat) scanner.CheckLongOrNull();
            else if (name.SequenceEqual("stop"u8) && IsChat) scanner.SkipTextsOrNull(mayBeOne: true);
            else if (name.SequenceEqual("stop_sequences"u8) && !IsChat && !IsResponses) scanner.SkipTextsOrNull(mayBeOne: false);
            else SkipOther(ref scanner, name);
        }

        public readonly WireRequest Build(ReadOnlyMemory<byte> body, int brace, string? betas)
        {
            if (model is null) throw ProblemException.Invalid("'model' is missing: name a route or a deployment.", "model");
            if (!hasConversation) throw MissingConversation();
            conversation.Check();
            if (maxTokens is { } a && maxCompletionTokens is { } b && a != b)
                throw ProblemException.Invalid("'max_tokens' and 'max_completion_tokens' contradict each other: send one of them.", "max_tokens");
            return new WireRequest
            {
                Api = api,
                Body = body,
                Model = model,
                Stream = stream,
                IncludeUsage = includeUsage || !IsChat,
                MaxOutputTokens = maxCompletionTokens ?? maxTokens,
                ChoiceCount = choices ?? 1,
                PromptCacheKey = promptCacheKey,
                Betas = betas,
                AsksThinking = asksThinking,
                Ranges = new WireRanges
                {
                    Brace = brace,
                    Model = modelAt,
                    MaxTokens = maxTokensAt,
                    MaxCompletionTokens = maxCompletionTokensAt,
                    StreamOptions = streamOptionsAt,
                    IncludeUsage = includeUsageAt,
                    Tools = toolsAt,
                    ToolChoice = toolChoiceAt,
                },
            };
        }

        private readonly ProblemException MissingConversation()
        {
            string name = IsResponses ? "input" : "messages";
            return ProblemException.Invalid($"'{name}' is missing.", name);
        }

        private void SkipOther(ref BodyScanner scanner, ReadOnlySpan<byte> name)
        {
            asksThinking |= name.StartsWith("reasoning"u8) || name.StartsWith("think"u8) || name.SequenceEqual("enable_thinking"u8)
                || name.SequenceEqual("output_config"u8) || name.SequenceEqual("chat_template_kwargs"u8);
            if (IsResponses && !scanner.IsNull && (name.SequenceEqual("previous_response_id"u8) || name.SequenceEqual("conversation"u8) || name.SequenceEqual("prompt"u8))) conversation.ReferElsewhere();
            if (!scanner.IsNull && ExpectedOf(name, scanner.Token) is { } expected) throw scanner.Wrong(expected);
            scanner.Skip();
        }

        /// <summary>What a further field must be and is not; <c>null</c> where it is that, or nothing is known of it.</summary>
        private readonly string? ExpectedOf(ReadOnlySpan<byte> name, JsonTokenType token)
        {
            if (name.SequenceEqual("metadata"u8) || (IsChat && (name.SequenceEqual("response_format"u8) || name.SequenceEqual("logit_bias"u8)))) return token == JsonTokenType.StartObject ? null : "an object";
            if (name.SequenceEqual("parallel_tool_calls"u8) || (IsChat && name.SequenceEqual("logprobs"u8))) return token is JsonTokenType.True or JsonTokenType.False ? null : "true or false";
            if (name.SequenceEqual("top_logprobs"u8) || name.SequenceEqual("top_k"u8)) return token == JsonTokenType.Number ? null : "a number";
            if (name.SequenceEqual("user"u8) || (IsResponses && name.SequenceEqual("instructions"u8))) return token == JsonTokenType.String ? null : "a string";
            return name.SequenceEqual("system"u8) && !IsChat && !IsResponses && token is not (JsonTokenType.String or JsonTokenType.StartArray) ? "a string or an array of content blocks" : null;
        }

        /// <summary>What a sampling parameter may be, as where requests are read in full.</summary>
        private readonly (double Least, double Most)? RangeOf(ReadOnlySpan<byte> name)
        {
            if (name.SequenceEqual("temperature"u8)) return (0, 2);
            if (name.SequenceEqual("top_p"u8)) return (0, 1);
            return IsChat && name.EndsWith("_penalty"u8) && (name.StartsWith("frequency"u8) || name.StartsWith("presence"u8)) ? (-2, 2) : null;
        }

        private static int? TakeLimit(ref BodyScanner scanner, out ByteRange at)
        {
            at = scanner.TokenRange;
            return scanner.IntegerOrNull(1, WireLimits.OutputTokens);
        }

        private void TakeConversation(ref BodyScanner scanner)
        {
            bool fits = scanner.Token == JsonTokenType.StartArray || (IsResponses && scanner.Token == JsonTokenType.String);
            string expected = IsResponses ? "a text or an array that is not empty" : "an array that is not empty";
            if (!fits || scanner.SkipIsEmpty(ref conversation)) throw scanner.Wrong(expected);
            hasConversation = true;
        }

        private void TakeStreamOptions(ref BodyScanner scanner)
        {
            if (scanner.IsNull)
            {
                streamOptionsAt = scanner.TokenRange;
                return;
            }

            if (scanner.Token != JsonTokenType.StartObject) throw scanner.Wrong("an object");
            int start = scanner.TokenRange.Start;
            while (scanner.NextInnerField())
            {
                if (scanner.IsInnerField("include_usage"u8)) TakeIncludeUsage(ref scanner);
                else scanner.Skip();
            }

            streamOptionsAt = new ByteRange(start, scanner.TokenRange.Start + 1 - start);
        }

        private void TakeIncludeUsage(ref BodyScanner scanner)
        {
            if (includeUsageAt.IsThere) throw scanner.Wrong("there once only", ".include_usage");
            includeUsageAt = scanner.TokenRange;
            if (scanner.Token is not (JsonTokenType.True or JsonTokenType.False or JsonTokenType.Null)) throw scanner.Wrong("true or false", ".include_usage");
            includeUsage = scanner.Token == JsonTokenType.True;
        }
    }
}
