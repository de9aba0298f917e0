using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Ebb.Vault.KeyValue;

/// <summary>
/// The keys and values of a secret. Values that are not changed stay as they came, byte for byte and in their order: <c>1.10</c>
/// does not become <c>1.1</c>. Immutable. Nothing of it prints a value.
/// </summary>
public sealed class KeyValueData
{
    private readonly OrderedDictionary<string, ReadOnlyMemory<byte>> _values;

    private KeyValueData(OrderedDictionary<string, ReadOnlyMemory<byte>> values) => _values = values;

    /// <summary>No keys.</summary>
    public static KeyValueData Empty { get; } = new([]);

    /// <summary>The names of the keys, in their order.</summary>
    public IReadOnlyCollection<string> Keys => _values.Keys;

    /// <summary>Reads a JSON object; false when it is none.</summary>
    public static bool TryParse(ReadOnlyMemory<byte> json, [NotNullWhen(true)] out KeyValueData? data)
    {
        data = null;
        try
        {
            using var document = JsonDocument.Parse(json);
            data = document.RootElement.ValueKind == JsonValueKind.Object ? Of(document.RootElement) : null;
        }
        catch (JsonException)
        {
            // Its message may quote a value.
        }

        return data is not null;
    }

    /// <summary>Reads a JSON object.</summary>
    /// <exception cref="FormatException">It is no JSON object; the message holds nothing of it.</exception>
    public static KeyValueData Parse(ReadOnlyMemory<byte> json) =>
        TryParse(json, out var data) ? data : throw new FormatException("A secret's data is a JSON object, and this is none.");

    /// <summary>Makes data of text values.</summary>
    public static KeyValueData Of(IEnumerable<KeyValuePair<string, string>> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return Empty.With(values.Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value)));
    }

    /// <summary>The text of a key; null when there is no such key or its value is no text.</summary>
    public string? Text(string key)
    {
        if (!_values.TryGetValue(key, out var raw) || raw.Span is not [(byte)'"', ..])
        {
            return null;
        }

        var reader = new Utf8JsonReader(raw.Span);
        reader.Read();
        return reader.GetString();
    }

    /// <summary>A key's value as JSON in UTF-8; empty when there is no such key.</summary>
    public ReadOnlyMemory<byte> Raw(string key) => _values.GetValueOrDefault(key);

    /// <summary>The same data with these keys set to texts, or removed where the text is null. New keys come last.</summary>
    public KeyValueData With(IEnumerable<KeyValuePair<string, string?>> changes)
    {
        ArgumentNullException.ThrowIfNull(changes);
        var values = new OrderedDictionary<string, ReadOnlyMemory<byte>>(_values);
        foreach (var (key, text) in changes)
        {
            if (text is null)
            {
                values.Remove(key);
            }
            else
            {
                values[key] = Quote(text);
            }
        }

        return new KeyValueData(values);
    }

    /// <summary>The JSON object in UTF-8.</summary>
    public ReadOnlyMemory<byte> ToJson()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            WriteTo(writer);
        }

        return buffer.WrittenMemory;
    }

    /// <summary>How many keys, and no value.</summary>
    public override string ToString() => $"{_values.Count} keys";

    internal static KeyValueData Of(JsonElement element)
    {
        var values = new OrderedDictionary<string, ReadOnlyMemory<byte>>();
        foreach (var member in element.EnumerateObject())
        {
            values[member.Name] = JsonMarshal.GetRawUtf8Value(member.Value).ToArray();
        }

        return new KeyValueData(values);
    }

    internal void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        foreach (var (key, raw) in _values)
        {
            writer.WritePropertyName(key);
            writer.WriteRawValue(raw.Span);
        }

        writer.WriteEndObject();
    }

    private static byte[] Quote(string text) => Encoding.UTF8.GetBytes($"\"{JsonEncodedText.Encode(text)}\"");
}
