namespace Ebb.Oci.Blobs;

/// <summary>An upload under way at a registry.</summary>
/// <param name="Location">Where it goes on.</param>
/// <param name="Offset">The bytes the registry has.</param>
/// <param name="MinChunkBytes">The least length of a chunk but the last (<c>OCI-Chunk-Min-Length</c>).</param>
internal sealed record UploadSession(Uri Location, long Offset, long MinChunkBytes)
{
    /// <summary>The Location with the digest, which ends the upload.</summary>
    public Uri Completing(Digest digest)
    {
        var parameter = $"digest={Uri.EscapeDataString(digest.ToString())}";
        return new UriBuilder(Location) { Query = Location.Query.Length > 1 ? $"{Location.Query[1..]}&{parameter}" : parameter }.Uri;
    }
}
