using System.Text.Json.Serialization;

namespace Ebb.ImageMirror.Mirroring;

/// <summary>JSON metadata of what the mirror keeps, generated at compile time.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(VerifiedBundle))]
[JsonSerializable(typeof(KnownPublicKey))]
internal sealed partial class MemoryJson : JsonSerializerContext;

/// <summary>That a tag's image had a valid bundle.</summary>
internal sealed record VerifiedBundle
{
    /// <summary>The image.</summary>
    public required string Digest { get; init; }

    /// <summary>The SHA-256 of the public key.</summary>
    public required string Key { get; init; }

    /// <summary>When it was verified.</summary>
    public required DateTimeOffset VerifiedAt { get; init; }
}

/// <summary>The public key of an encrypted key file.</summary>
internal sealed record KnownPublicKey
{
    /// <summary>PEM.</summary>
    public required string PublicKey { get; init; }
}
