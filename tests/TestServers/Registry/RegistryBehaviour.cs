namespace Ebb.TestServers.Registry;

/// <summary>How a <see cref="FaultyRegistry"/> behaves within the protocol; its faults are switched on apart.</summary>
public sealed record RegistryBehaviour
{
    /// <summary>Answers the referrers API and sends OCI-Subject.</summary>
    public bool ReferrersApi { get; init; }

    /// <summary>Sends Location without scheme and host.</summary>
    public bool RelativeLocations { get; init; }

    /// <summary>Sends Docker-Content-Digest.</summary>
    public bool DigestHeader { get; init; } = true;

    /// <summary>Answers HEAD on manifests; otherwise 405.</summary>
    public bool HeadManifests { get; init; } = true;

    /// <summary>Answers ranges of blobs with 206; otherwise with the whole.</summary>
    public bool Ranges { get; init; } = true;

    /// <summary>Mounts blobs; otherwise opens an upload in their place.</summary>
    public bool Mounts { get; init; } = true;

    /// <summary>Puts bytes of an interrupted request aside, as a registry that can resume does.</summary>
    public bool KeepsPartialUploads { get; init; } = true;

    /// <summary>The OCI-Chunk-Min-Length header; 0 for none.</summary>
    public int ChunkMinLength { get; init; }

    /// <summary>Answers 413 to bodies longer than this; 0 for no limit.</summary>
    public long MaxRequestBytes { get; init; }

    /// <summary>Answers PUT of blobs with 204 and PATCH with 201, as some registries do.</summary>
    public bool OddStatusCodes { get; init; }

    /// <summary>Tags per page of the list; 0 for one page.</summary>
    public int PageSize { get; init; }

    /// <summary>The login: <c>none</c>, <c>basic</c> or <c>bearer</c>.</summary>
    public string Login { get; init; } = "none";

    /// <summary>The user that may log in; null: anonymous tokens are given.</summary>
    public string? Username { get; init; }

    public string? Password { get; init; }

    /// <summary>The refresh token that may log in at the token endpoint by POST.</summary>
    public string? IdentityToken { get; init; }

    /// <summary>The realm to announce; null: its own token endpoint.</summary>
    public string? Realm { get; init; }

    /// <summary>How long its tokens are valid, in seconds.</summary>
    public int TokenSeconds { get; init; } = 300;

    /// <summary>Sends blob reads to this host (<c>http://localhost:1234</c>).</summary>
    public string? RedirectBlobsTo { get; init; }

    /// <summary>Refuses to move a tag, as Harbor does with immutable tags.</summary>
    public bool ImmutableTags { get; init; }

    /// <summary>Refuses writes that take the registry beyond this many bytes, as Harbor's quota does; 0 for no quota.</summary>
    public long QuotaBytes { get; init; }

    /// <summary>Plays Harbor: these are its projects. Null: it is no Harbor.</summary>
    public IReadOnlyList<string>? HarborProjects { get; init; }

    /// <summary>Lets the account create projects in Harbor.</summary>
    public bool MayCreateProjects { get; init; } = true;
}
