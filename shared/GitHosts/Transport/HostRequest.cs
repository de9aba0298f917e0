using System.Text.Json;

namespace Ebb.GitHosts.Transport;

/// <summary>One request, as often as it must be sent.</summary>
/// <param name="Method">The method.</param>
/// <param name="Path">Path and query below the address, escaped.</param>
internal sealed record HostRequest(HttpMethod Method, string Path)
{
    /// <summary>The longest answer that is read by default: 8 MiB. A page of 100 pull requests has about 3.</summary>
    public const int DefaultMaxBytes = 8 * 1024 * 1024;

    /// <summary>The body as JSON.</summary>
    public byte[]? Body { get; init; }

    /// <summary>What is wanted.</summary>
    public string Accept { get; init; } = "application/json";

    /// <summary>The longest answer.</summary>
    public int MaxBytes { get; init; } = DefaultMaxBytes;

    /// <summary>Whether a repetition is harmless; null: as the method says.</summary>
    public bool? Repeatable { get; init; }

    public static HostRequest Get(string path) => new(HttpMethod.Get, path);

    public static HostRequest Send(HttpMethod method, string path, Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return new HostRequest(method, path) { Body = buffer.ToArray() };
    }

    /// <summary>Without query and body.</summary>
    public override string ToString() => $"{Method} /{Path.Split('?')[0]}";
}
