using System.Buffers;
using System.Text.Json;

namespace Ebb.Vault.KeyValue;

/// <summary>The bodies of requests whose members are the user's.</summary>
internal static class KeyValueBodies
{
    public static byte[] Write(int? checkAndSet, KeyValueData data) => Of(writer =>
    {
        Options(writer, checkAndSet);
        writer.WritePropertyName("data"u8);
        data.WriteTo(writer);
    });

    public static byte[] Patch(int? checkAndSet, IReadOnlyDictionary<string, string?> changes) => Of(writer =>
    {
        Options(writer, checkAndSet);
        Texts(writer, "data", changes);
    });

    public static byte[] Metadata(KeyValueMetadataChange change) => Of(writer =>
    {
        if (change.CheckAndSet is { } version)
        {
            writer.WriteNumber("metadata_cas"u8, version);
        }

        if (change.MaxVersions is { } maxVersions)
        {
            writer.WriteNumber("max_versions"u8, maxVersions);
        }

        if (change.CheckAndSetRequired is { } required)
        {
            writer.WriteBoolean("cas_required"u8, required);
        }

        if (change.CustomMetadata is { } custom)
        {
            Texts(writer, "custom_metadata", custom);
        }
    });

    private static void Options(Utf8JsonWriter writer, int? checkAndSet)
    {
        if (checkAndSet is { } version)
        {
            writer.WriteStartObject("options"u8);
            writer.WriteNumber("cas"u8, version);
            writer.WriteEndObject();
        }
    }

    private static void Texts(Utf8JsonWriter writer, string name, IReadOnlyDictionary<string, string?> texts)
    {
        writer.WriteStartObject(name);
        foreach (var (key, text) in texts)
        {
            writer.WriteString(key, text);
        }

        writer.WriteEndObject();
    }

    private static byte[] Of(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
