namespace Countersign.Engine.Gguf;

/// <summary>The key/value pairs of a GGUF file. Getters convert between the number types where the value fits,
/// return null (or the fallback) where the key is absent, and throw <see cref="GgufException"/> where it has another type.</summary>
public sealed class GgufMetadata
{
    private readonly Dictionary<string, object> values;
    private readonly string file;

    internal GgufMetadata(string file, Dictionary<string, object> values) => (this.file, this.values) = (file, values);

    /// <summary>All keys, in the order of the file.</summary>
    public IReadOnlyCollection<string> Keys => values.Keys;

    /// <summary>Whether the key is there, with whatever type.</summary>
    public bool Contains(string key) => values.ContainsKey(key);

    /// <summary>The text under <paramref name="key"/>, or null.</summary>
    public string? GetString(string key) => Find(key) switch
    {
        null => null,
        string text => text,
        var other => throw Mismatch(key, "text", other),
    };

    /// <summary>The text under <paramref name="key"/>; an error where it is absent.</summary>
    public string GetRequiredString(string key) => GetString(key) ?? throw Absent(key);

    /// <summary>The whole number under <paramref name="key"/>, of any integer type, or null.</summary>
    public long? GetInteger(string key) => Find(key) switch
    {
        null => null,
        bool flag => flag ? 1 : 0,
        ulong big when big <= long.MaxValue => (long)big,
        byte or sbyte or ushort or short or uint or int or long => Convert.ToInt64(values[key]),
        var other => throw Mismatch(key, "a whole number", other),
    };

    /// <summary>The whole number under <paramref name="key"/>, or the fallback where the key is absent.</summary>
    public int GetInt32(string key, int fallback) => GetInteger(key) is { } value ? Fit(key, value) : fallback;

    /// <summary>The whole number under <paramref name="key"/>; an error where it is absent.</summary>
    public int GetRequiredInt32(string key) => Fit(key, GetInteger(key) ?? throw Absent(key));

    /// <summary>The number under <paramref name="key"/>, or the fallback where the key is absent.</summary>
    public float GetFloat32(string key, float fallback) => Find(key) switch
    {
        null => fallback,
        float value => value,
        double value => (float)value,
        var other when other is not (string or Array) => GetInteger(key)!.Value,
        var other => throw Mismatch(key, "a number", other),
    };

    /// <summary>The truth value under <paramref name="key"/>, or the fallback where the key is absent.</summary>
    public bool GetBoolean(string key, bool fallback) => Find(key) switch
    {
        null => fallback,
        bool value => value,
        var other => throw Mismatch(key, "true or false", other),
    };

    /// <summary>Whether the value under <paramref name="key"/> is an array.</summary>
    public bool IsArray(string key) => Find(key) is Array;

    /// <summary>The texts under <paramref name="key"/>, or null. The array is the file's own copy: do not change it.</summary>
    public string[]? GetStrings(string key) => Find(key) switch
    {
        null => null,
        string[] texts => texts,
        var other => throw Mismatch(key, "an array of text", other),
    };

    /// <summary>The numbers under <paramref name="key"/>, or null. The array is the file's own copy: do not change it.</summary>
    public float[]? GetFloats(string key) => Find(key) switch
    {
        null => null,
        float[] numbers => numbers,
        double[] numbers => Array.ConvertAll(numbers, static number => (float)number),
        var other => throw Mismatch(key, "an array of numbers", other),
    };

    /// <summary>The whole numbers (or truth values as 0 and 1) under <paramref name="key"/>, or null.</summary>
    public int[]? GetInt32s(string key) => Find(key) switch
    {
        null => null,
        int[] numbers => numbers,
        bool[] flags => Array.ConvertAll(flags, static flag => flag ? 1 : 0),
        Array numbers and (byte[] or sbyte[] or ushort[] or short[] or uint[] or long[] or ulong[]) => Narrow(key, numbers),
        var other => throw Mismatch(key, "an array of whole numbers", other),
    };

    internal GgufException Absent(string key) => new(file, $"the metadata key '{key}' is missing.");

    internal GgufException Invalid(string key, string problem) => new(file, $"metadata key '{key}': {problem}");

    private object? Find(string key) => values.GetValueOrDefault(key);

    private int Fit(string key, long value) =>
        value is >= int.MinValue and <= int.MaxValue ? (int)value : throw Invalid(key, $"{value} does not fit into 32 bits.");

    private int[] Narrow(string key, Array numbers)
    {
        var result = new int[numbers.Length];
        for (int i = 0; i < result.Length; i++)
        {
            object number = numbers.GetValue(i)!;
            result[i] = Fit(key, number is ulong and > long.MaxValue ? long.MaxValue : Convert.ToInt64(number));
        }

        return result;
    }

    private GgufException Mismatch(string key, string wanted, object found) =>
        Invalid(key, $"should be {wanted}, is {(found is Array array ? $"an array of {array.Length} {found.GetType().GetElementType()!.Name}" : found.GetType().Name)}.");
}
