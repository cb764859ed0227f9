using System.Globalization;
using System.Text;
using System.Text.Json;
using static Countersign.Engine.Sampling.Grammar.GrammarExpression;

namespace Countersign.Engine.Sampling.Grammar.JsonSchema;

/// <summary>The rules of JSON itself. Written compactly, with one space, or on lines of their own: blanks are bounded, so that no answer is lost in them.
/// Numbers are bounded in digits, and escapes are whole characters, so that every reader takes the text.</summary>
internal sealed class JsonText
{
    public static readonly CharacterSet Digits = CharacterSet.Of(('0', '9'));

    private static readonly CharacterSet s_raw = CharacterSet.Of((0x20, CharacterSet.Highest)).Except(CharacterSet.Of("\"\\"));
    private static readonly CharacterSet s_hexadecimal = CharacterSet.Of(('0', '9'), ('a', 'f'), ('A', 'F'));
    private static readonly (char Character, string Escape)[] s_escapes = [('"', "\\\""), ('\\', "\\\\"), ('\b', "\\b"), ('\f', "\\f"), ('\n', "\\n"), ('\r', "\\r"), ('\t', "\\t")];

    public JsonText(GrammarRules rules)
    {
        Gap = rules.Add("gap", Choice(Empty, Literal(" "), Sequence(Literal("\n"), new RepeatExpression(OneOf(CharacterSet.Of(" \t")), 0, 20))));
        Comma = Sequence(Literal(","), Gap);
        Colon = Sequence(Literal(":"), Optional(Literal(" ")));
        Character = rules.Add("character", AnyCharacter());
        AnyString = rules.Add("string", Sequence(Literal("\""), new RepeatExpression(AnyCharacter(), 0, null), Literal("\"")));
        AnyInteger = rules.Add("integer", Sequence(Optional(Literal("-")), WholePart()));
        AnyNumber = rules.Add("number", Sequence(Optional(Literal("-")), WholePart(), Optional(Sequence(Literal("."), Repeated(1, 16))), Optional(Exponent())));
        AnyValue = rules.Declare("value");
        AnyObject = rules.Add("object", Object(Optional(List(Pair(AnyString, AnyValue), 1, null))));
        AnyArray = rules.Add("array", Array(Optional(List(AnyValue, 1, null))));
        rules.Define(AnyValue, Choice(AnyObject, AnyArray, AnyString, AnyNumber, Literal("true"), Literal("false"), Literal("null")));
    }

    public GrammarExpression Gap { get; }
    public GrammarExpression Comma { get; }
    public GrammarExpression Colon { get; }
    public GrammarExpression Character { get; }
    public GrammarExpression AnyString { get; }
    public GrammarExpression AnyInteger { get; }
    public GrammarExpression AnyNumber { get; }
    public RuleExpression AnyValue { get; }
    public GrammarExpression AnyObject { get; }
    public GrammarExpression AnyArray { get; }

    public GrammarExpression Pair(GrammarExpression name, GrammarExpression value) => Sequence(name, Colon, value);

    public GrammarExpression Object(GrammarExpression members) => Sequence(Literal("{"), Gap, members, Gap, Literal("}"));

    public GrammarExpression Array(GrammarExpression items) => Sequence(Literal("["), Gap, items, Gap, Literal("]"));

    /// <summary>Items with commas between, at least one.</summary>
    public GrammarExpression List(GrammarExpression item, int minimum, int? maximum) =>
        Sequence(item, new RepeatExpression(Sequence(Comma, item), Math.Max(0, minimum - 1), maximum - 1));

    /// <summary>Characters of a set as they are written within a string. Control characters without a short escape are left out.</summary>
    public static GrammarExpression Written(CharacterSet set)
    {
        GrammarExpression raw = OneOf(s_raw.Except(set.Complement()));
        return Choice([raw, .. s_escapes.Where(pair => set.Contains(pair.Character)).Select(static pair => Literal(pair.Escape))]);
    }

    /// <summary>A string as it is written with its quotes.</summary>
    public static string Quoted(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (Rune rune in text.EnumerateRunes())
        {
            string? escape = s_escapes.FirstOrDefault(pair => pair.Character == rune.Value).Escape;
            quoted.Append(escape ?? (rune.Value < 0x20 ? string.Create(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}") : rune.ToString()));
        }

        return quoted.Append('"').ToString();
    }

    /// <summary>A value written without blanks.</summary>
    public static string Compact(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "{" + string.Join(',', value.EnumerateObject().Select(static member => Quoted(member.Name) + ":" + Compact(member.Value))) + "}",
        JsonValueKind.Array => "[" + string.Join(',', value.EnumerateArray().Select(Compact)) + "]",
        JsonValueKind.String => Quoted(value.GetString()!),
        _ => value.GetRawText(),
    };

    public static GrammarExpression Repeated(int minimum, int? maximum) => new RepeatExpression(OneOf(Digits), minimum, maximum);

    private static GrammarExpression WholePart() => Choice(Literal("0"), Sequence(OneOf(CharacterSet.Of(('1', '9'))), Repeated(0, 15)));

    private static GrammarExpression Exponent() => Sequence(OneOf(CharacterSet.Of("eE")), Optional(OneOf(CharacterSet.Of("+-"))), Repeated(1, 2));

    private static GrammarExpression AnyCharacter() => Choice(OneOf(s_raw), Sequence(Literal("\\"), Choice(OneOf(CharacterSet.Of("\"\\/bfnrt")), Sequence(Literal("u"), CodeUnits()))));

    // Four digits of a character, or of both halves of a surrogate pair: half a pair is no character.
    private static GrammarExpression CodeUnits()
    {
        GrammarExpression any = OneOf(s_hexadecimal), d = OneOf(CharacterSet.Of("dD"));
        GrammarExpression low = OneOf(CharacterSet.Of("cdefCDEF")), high = OneOf(CharacterSet.Of("89abAB"));
        return Choice(
            Sequence(OneOf(s_hexadecimal.Except(CharacterSet.Of("dD"))), any, any, any),
            Sequence(d, OneOf(CharacterSet.Of(('0', '7'))), any, any),
            Sequence(d, high, any, any, Literal("\\u"), d, low, any, any));
    }
}
