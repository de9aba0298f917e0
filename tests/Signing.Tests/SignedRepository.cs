using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Ebb.Oci;
using Ebb.Signing.Keys;
using Ebb.TestServers.Registry;

namespace Ebb.Signing.Tests;

/// <summary>A repository with one image for two platforms, keys, and a folder with them.</summary>
internal sealed class SignedRepository : IDisposable
{
    private static readonly SignatureFormat[] Both = [SignatureFormat.Cosign, SignatureFormat.Bundle];
    private readonly TemporaryFolder _folder = new();

    private SignedRepository(DockerRegistry registry, TestImage image)
    {
        Host = registry.Host;
        Http = new HttpClient { BaseAddress = registry.Uri };
        Image = image;
        Index = Descriptor(image.Index);
        Children = [.. image.Manifests.Select(Descriptor)];
    }

    public static async Task<SignedRepository> CreateAsync(DockerRegistry registry)
    {
        var repository = new SignedRepository(registry, TestImage.Create(RandomNumberGenerator.GetInt32(int.MaxValue), layerBytes: [100]));
        await TestImages.PushAsync(registry.Uri, repository.Name, repository.Image, ["v1"]);
        return repository;
    }

    public string Host { get; }

    public string Name { get; } = $"library/test-{Guid.NewGuid():N}";

    public TestImage Image { get; }

    public Descriptor Index { get; }

    public IReadOnlyList<Descriptor> Children { get; }

    public HttpClient Http { get; }

    public string Folder => _folder.Path;

    public RegistryClients Clients { get; } = new(new RegistriesOptions(), TimeProvider.System);

    public RegistryClient Client => Clients.For(Host);

    /// <summary>A key pair on disk, made once for each name, and its signer.</summary>
    public ISigner Key(string name = "cosign")
    {
        var path = Path.Combine(Folder, name + ".pem");
        if (!File.Exists(path))
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            File.WriteAllText(path, key.ExportPkcs8PrivateKeyPem());
            File.WriteAllText(PublicKey(name), key.ExportSubjectPublicKeyInfoPem());
        }

        return Signers.Create(new SigningOptions { Key = path }, () => throw new InvalidOperationException(), TimeProvider.System);
    }

    /// <summary>The same key as a file for cosign itself.</summary>
    public void WriteCosignKey(string name = "cosign")
    {
        Key(name);
        using var key = ECDsa.Create();
        key.ImportFromPem(File.ReadAllText(Path.Combine(Folder, name + ".pem")));
        File.WriteAllText(Path.Combine(Folder, name + ".key"), CosignKeyFile.Encrypt(key, "password of the tests"u8));
    }

    public string PublicKey(string name = "cosign") => Path.Combine(Folder, name + ".pub");

    public ImageSigner Signer(ISigner? key = null, params SignatureFormat[] formats) =>
        new(Clients, key ?? Key(), formats.Length == 0 ? Both : formats, TimeProvider.System);

    public string Reference(Descriptor manifest) => $"{Host}/{Name}@{manifest.Digest}";

    public Task<IReadOnlyList<SignatureFormat>> SignAsync(ImageSigner signer, Descriptor? manifest = null) => signer.SignAsync(Host, Name, manifest ?? Index, default);

    public Task<IReadOnlyList<SignatureFormat>> FindMissingAsync(ImageSigner signer, Descriptor? manifest = null) => signer.FindMissingAsync(Host, Name, manifest ?? Index, default);

    /// <summary>A client of its own, so that what it asks can be counted and nothing is remembered.</summary>
    public async Task<(bool Signed, long Requests)> CountAsync(ISigner key, SignatureFormat format)
    {
        using var clients = new RegistryClients(new RegistriesOptions(), TimeProvider.System);
        var missing = await new ImageSigner(clients, key, [format], TimeProvider.System).FindMissingAsync(Host, Name, Index, default);
        return (missing.Count == 0, clients.For(Host).RequestCount);
    }

    public async Task<Manifest> SignatureManifestAsync() =>
        (await Client.GetManifestAsync(Name, SignatureTag, default)).ShouldNotBeNull();

    public string SignatureTag => $"sha256-{Index.Digest.Hex}.sig";

    public string ReferrersTag => $"sha256-{Index.Digest.Hex}";

    public async Task PutManifestAsync(string reference, string mediaType, string content)
    {
        using var body = new ByteArrayContent(Encoding.UTF8.GetBytes(content)) { Headers = { ContentType = new MediaTypeHeaderValue(mediaType) } };
        using var response = await Http.PutAsync($"/v2/{Name}/manifests/{reference}", body);
        response.EnsureSuccessStatusCode();
    }

    public async Task<TestBlob> PutBlobAsync(string content, string mediaType)
    {
        var blob = new TestBlob(Encoding.UTF8.GetBytes(content), mediaType);
        await TestImages.PushBlobAsync(Http, Name, blob);
        return blob;
    }

    public void Dispose()
    {
        _folder.Dispose();
        Http.Dispose();
        Clients.Dispose();
    }

    private static Descriptor Descriptor(TestBlob blob) =>
        new() { MediaType = blob.MediaType, Digest = Digest.Parse(blob.Digest), Size = blob.Content.Length };
}
