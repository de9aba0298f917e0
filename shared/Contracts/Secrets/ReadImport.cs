using System.Runtime.InteropServices;
using System.Text.Json;

namespace Ebb.Contracts.Secrets;

/// <summary>An import that holds what it should. Its values stay in the bytes it was read from, which the caller overwrites; it is of use until then.</summary>
public sealed class ReadImport : IDisposable
{
    private readonly JsonDocument _document;
    private readonly IReadOnlyDictionary<string, IReadOnlyDictionary<string, JsonElement>> _environments;

    internal ReadImport(
        JsonDocument document, int length, string application, bool dryRun, IReadOnlyDictionary<string, IReadOnlyDictionary<string, JsonElement>> environments) =>
        (_document, Length, Application, DryRun, _environments) = (document, length, application, dryRun, environments);

    /// <summary>The application.</summary>
    public string Application { get; }

    /// <summary>Only says what would be done.</summary>
    public bool DryRun { get; }

    /// <summary>The bytes it was read from; what is written has about as many.</summary>
    public int Length { get; }

    /// <summary>The values as text, for who writes them into the store.</summary>
    public ImportedSecrets ToSecrets() => new()
    {
        Application = Application,
        Environments = _environments.ToDictionary(
            environment => environment.Key,
            environment => (IReadOnlyDictionary<string, string>)environment.Value.ToDictionary(value => value.Key, value => value.Value.GetString()!, StringComparer.Ordinal),
            StringComparer.Ordinal),
    };

    /// <summary>Writes an <see cref="ImportedSecrets"/>, each value as the bytes it came in.</summary>
    public void WriteTo(Utf8JsonWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStartObject();
        writer.WriteString("application"u8, Application);
        writer.WriteStartObject("environments"u8);
        foreach (var (environment, values) in _environments)
        {
            writer.WriteStartObject(environment);
            foreach (var (key, value) in values)
            {
                writer.WritePropertyName(key);
                writer.WriteRawValue(JsonMarshal.GetRawUtf8Value(value), skipInputValidation: true);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    /// <inheritdoc/>
    public void Dispose() => _document.Dispose();
}
