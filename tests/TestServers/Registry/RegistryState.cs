using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Ebb.TestServers.Registry;

/// <summary>What a <see cref="FaultyRegistry"/> holds.</summary>
public sealed class RegistryState
{
    /// <summary>Blobs by repository and digest.</summary>
    public ConcurrentDictionary<(string Repository, string Digest), byte[]> Blobs { get; } = new();

    /// <summary>Manifests by repository and digest.</summary>
    public ConcurrentDictionary<(string Repository, string Digest), TestBlob> Manifests { get; } = new();

    /// <summary>Digests by repository and tag.</summary>
    public ConcurrentDictionary<(string Repository, string Tag), string> Tags { get; } = new();

    /// <summary>Uploads under way.</summary>
    public ConcurrentDictionary<string, PendingUpload> Uploads { get; } = new();

    public long StoredBytes => Blobs.Values.Sum(b => (long)b.Length);

    public TestBlob? FindManifest(string repository, string reference) =>
        Manifests.GetValueOrDefault((repository, reference.Contains(':') ? reference : Tags.GetValueOrDefault((repository, reference), "")));

    public bool HasRepository(string repository) =>
        Manifests.Keys.Any(k => k.Repository == repository) || Blobs.Keys.Any(k => k.Repository == repository);

    public static string DigestOf(ReadOnlySpan<byte> content) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(content));
}

/// <summary>An upload under way.</summary>
public sealed class PendingUpload(string repository)
{
    public string Repository { get; } = repository;

    public MemoryStream Content { get; } = new();
}
