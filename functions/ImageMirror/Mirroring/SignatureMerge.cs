using System.Buffers;
using System.Text.Json;
using Ebb.Oci;

namespace Ebb.ImageMirror.Mirroring;

/// <summary>
/// Joins upstream's signatures of an image with those that the target holds already; in cosign's format each signature is
/// a layer of the one manifest under the <c>.sig</c> tag.
/// </summary>
internal sealed class SignatureMerge
{
    private readonly byte[] _config;

    private SignatureMerge(Manifest manifest, byte[] config)
    {
        Manifest = manifest;
        _config = config;
    }

    /// <summary>The joined manifest.</summary>
    public Manifest Manifest { get; }

    /// <summary>Joins them; the current manifest comes back when it holds all of upstream's.</summary>
    public static SignatureMerge Of(Manifest current, Manifest upstream)
    {
        var known = current.Layers.Select(Identity).ToHashSet();
        var added = upstream.Layers.Where(layer => !known.Contains(Identity(layer))).ToList();
        if (added.Count == 0)
        {
            return new SignatureMerge(current, []);
        }

        IReadOnlyList<Descriptor> layers = [.. current.Layers, .. added];
        var written = WriteConfig(layers);
        return new SignatureMerge(Manifest.Parse(WriteManifest(written, layers), MediaTypes.OciManifest), written);
    }

    /// <summary>The configuration's content.</summary>
    public Stream OpenConfig(long offset) => new MemoryStream(_config, (int)offset, _config.Length - (int)offset, writable: false);

    private static string Identity(Descriptor layer) =>
        $"{layer.Digest} {layer.Annotations.GetValueOrDefault("dev.cosignproject.cosign/signature")}";

    private static byte[] WriteConfig(IReadOnlyList<Descriptor> layers) => Write(writer =>
    {
        writer.WriteString("architecture", "");
        writer.WriteString("os", "");
        writer.WriteStartObject("config");
        writer.WriteEndObject();
        writer.WriteStartObject("rootfs");
        writer.WriteString("type", "layers");
        writer.WriteStartArray("diff_ids");
        foreach (var layer in layers)
        {
            writer.WriteStringValue(layer.Digest.ToString());
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    private static byte[] WriteManifest(byte[] _config, IReadOnlyList<Descriptor> layers) => Write(writer =>
    {
        writer.WriteNumber("schemaVersion", 2);
        writer.WriteString("mediaType", MediaTypes.OciManifest);
        writer.WritePropertyName("config");
        WriteDescriptor(writer, new Descriptor { MediaType = MediaTypes.OciConfig, Digest = Digest.Of(_config), Size = _config.Length });
        writer.WriteStartArray("layers");
        foreach (var layer in layers)
        {
            WriteDescriptor(writer, layer);
        }

        writer.WriteEndArray();
    });

    private static void WriteDescriptor(Utf8JsonWriter writer, Descriptor descriptor)
    {
        writer.WriteStartObject();
        writer.WriteString("mediaType", descriptor.MediaType);
        writer.WriteNumber("size", descriptor.Size);
        writer.WriteString("digest", descriptor.Digest.ToString());
        if (descriptor.Annotations.Count > 0)
        {
            writer.WriteStartObject("annotations");
            foreach (var (name, value) in descriptor.Annotations)
            {
                writer.WriteString(name, value);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static byte[] Write(Action<Utf8JsonWriter> write)
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
