using System.Buffers;
using System.Security.Cryptography;
using Ebb.Oci;

namespace Ebb.Signing.Formats;

/// <summary>A manifest to be signed, and the registry that holds it.</summary>
internal sealed record SignedImage
{
    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-/:[]");

    public SignedImage(RegistryClient client, string repository, Descriptor subject)
    {
        if (subject.Digest.Algorithm != "sha256")
        {
            throw new SigningException($"{client.Registry}/{repository}@{subject.Digest} cannot be signed: cosign's formats know sha256 digests only.");
        }

        if (client.Registry.AsSpan().ContainsAnyExcept(NameCharacters) || repository.AsSpan().ContainsAnyExcept(NameCharacters))
        {
            throw new ArgumentException($"'{client.Registry}/{repository}' is no name of a repository.", nameof(repository));
        }

        (Client, Repository, Subject) = (client, repository, subject);
    }

    public RegistryClient Client { get; }

    public string Repository { get; }

    public Descriptor Subject { get; }

    /// <summary>What cosign calls the docker-reference: registry and repository.</summary>
    public string Name => $"{Client.Registry}/{Repository}";

    public override string ToString() => $"{Name}@{Subject.Digest}";

    /// <summary>Uploads a small blob.</summary>
    public async Task<Descriptor> UploadAsync(byte[] content, string mediaType, CancellationToken cancellationToken)
    {
        var blob = new Descriptor { MediaType = mediaType, Digest = Digest.FromSha256(SHA256.HashData(content)), Size = content.Length };
        await Client.UploadBlobAsync(
            Repository, blob, (offset, _) => Task.FromResult<Stream>(new MemoryStream(content, (int)offset, content.Length - (int)offset, writable: false)), cancellationToken);
        return blob;
    }
}
