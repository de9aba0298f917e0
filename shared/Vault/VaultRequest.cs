using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Ebb.Vault;

/// <summary>One request, as often as it must be sent.</summary>
/// <param name="Method">The method.</param>
/// <param name="Path">The path below <c>/v1/</c>, escaped.</param>
internal sealed record VaultRequest(HttpMethod Method, string Path)
{
    /// <summary>The body's type of a PATCH (RFC 7396).</summary>
    public const string MergePatch = "application/merge-patch+json";

    /// <summary>The body as JSON; null: none.</summary>
    public byte[]? Body { get; init; }

    /// <summary>The body's type. Default <c>application/json</c>.</summary>
    public string ContentType { get; init; } = "application/json";

    /// <summary>Whether a repetition is harmless; null: as the method says.</summary>
    public bool? Repeatable { get; init; }

    public static VaultRequest Get(string path) => new(HttpMethod.Get, path);

    public static VaultRequest Post<T>(string path, T body, JsonTypeInfo<T> type) =>
        new(HttpMethod.Post, path) { Body = JsonSerializer.SerializeToUtf8Bytes(body, type) };

    /// <summary>Without the body, which may hold a secret.</summary>
    public override string ToString() => $"{Method} /v1/{Path}";
}
