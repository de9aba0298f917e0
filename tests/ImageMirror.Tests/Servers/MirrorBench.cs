using System.Security.Cryptography;
using Ebb.Contracts;
using Ebb.Http;
using Ebb.ImageMirror.Mirroring;
using Ebb.ImageMirror.Reports;
using Ebb.Oci;
using Ebb.Signing;
using Ebb.Storage;
using Ebb.TestServers.Registry;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ebb.ImageMirror.Tests.Servers;

/// <summary>A mirror between two real registries, with a proxy before each that sees every request.</summary>
internal sealed class MirrorBench : IAsyncDisposable
{
    private readonly List<RegistryClients> _clients = [];
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ebb-mirror-");

    private MirrorBench(RealRegistries real, RecordingProxy source, RecordingProxy target, TestStorage storage)
    {
        Storage = storage;
        Real = real;
        Source = source;
        Target = target;
        KeyFile = GenerateKey("cosign");
    }

    public RealRegistries Real { get; }

    public RecordingProxy Source { get; }

    public RecordingProxy Target { get; }

    /// <summary>Sets this test's repositories apart from every other's.</summary>
    public string Prefix { get; } = $"t{Guid.NewGuid():n}";

    public string KeyFile { get; set; }

    /// <summary>The password of <see cref="KeyFile"/>, if it is a cosign.key.</summary>
    public string KeyPassword { get; set; } = "";

    /// <summary>The formats that are written.</summary>
    public IReadOnlyList<SignatureFormat> Formats { get; set; } = [SignatureFormat.Cosign, SignatureFormat.Bundle];

    /// <summary>The key for images outside the list, if there is one.</summary>
    public string? AdhocKeyFile { get; set; }

    /// <summary>What stays from engine to engine.</summary>
    public TestStorage Storage { get; }

    /// <summary>Stands in for the storage's documents, if set.</summary>
    public IDocumentStore? Documents { get; set; }

    public string Folder => _folder.FullName;

    /// <summary>The target path of this test.</summary>
    public string TargetPlace => $"{Target.Host}/{Prefix}";

    public string ListFile => Path.Combine(Folder, "images.yaml");

    public MirrorOptions Options { get; set; } = new();

    public static async Task<MirrorBench> StartAsync(RealRegistries real) =>
        new(real, await RecordingProxy.StartAsync(real.Source.Uri), await RecordingProxy.StartAsync(real.Target.Uri), await TestStorage.OpenAsync());

    public string GenerateKey(string name)
    {
        // A plain PKCS#8 key: decrypting a cosign.key takes most of a second by design.
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var path = Path.Combine(Folder, name + ".pem");
        File.WriteAllText(path, key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(Path.Combine(Folder, name + ".pub"), key.ExportSubjectPublicKeyInfoPem());
        return path;
    }

    /// <summary>An entry for an image of this test's source.</summary>
    public MirrorImage Image(string name, params string[] tags) => new() { Source = $"{Source.Host}/{Prefix}/{name}", Tags = tags };

    /// <summary>Writes the list of images, an entry each.</summary>
    public void WriteList(params IEnumerable<string> entries) =>
        File.WriteAllText(ListFile, "images:\n" + string.Concat(entries.Select(entry => $"  {entry}\n")));

    public Task PushAsync(string name, TestImage image, params string[] tags) =>
        TestImages.PushAsync(Real.Source.Uri, $"{Prefix}/{name}", image, tags);

    /// <summary>A new mirror, as a new process has it.</summary>
    public MirrorEngine NewEngine(bool signed = true)
    {
        var registries = NewClients();
        var signing = new SigningOptions { Key = signed ? KeyFile : null, Password = KeyPassword, Formats = Formats };
        var adhoc = new SigningOptions { Key = AdhocKeyFile };
        var memory = new MirrorMemory(Documents ?? Storage.Documents, NullLogger<MirrorMemory>.Instance);
        return new MirrorEngine(
            registries,
            new MirrorSigning(registries, signing, adhoc, () => throw new InvalidOperationException("no Vault in this test"), memory, TimeProvider.System),
            memory,
            Options,
            TimeProvider.System,
            NullLogger<MirrorEngine>.Instance);
    }

    public RegistryClients NewClients()
    {
        var registries = new RegistryClients(
            new RegistriesOptions { Resilience = new ResilienceOptions { MaxRetries = 2, BaseDelay = TimeSpan.FromMilliseconds(5), MaxDelay = TimeSpan.FromMilliseconds(20) } },
            TimeProvider.System);
        _clients.Add(registries);
        return registries;
    }

    public Task<MirrorReport> RunAsync(params MirrorImage[] images) => RunAsync(NewEngine(), images);

    public Task<MirrorReport> RunAsync(MirrorEngine engine, params MirrorImage[] images) =>
        engine.RunAsync(new MirrorOrder { Target = TargetPlace, Images = images }, static _ => { }, TestContext.Current.CancellationToken);

    public Task<MirrorReport> RunAsync(MirrorOrder order) =>
        NewEngine().RunAsync(order, static _ => { }, TestContext.Current.CancellationToken);

    public Task<MirrorReport> DryRunAsync(params MirrorImage[] images) =>
        RunAsync(new MirrorOrder { Target = TargetPlace, Images = images, DryRun = true });

    /// <summary>The target's own client, past the proxy.</summary>
    public RegistryClient TargetClient => NewClients().For(Real.Target.Host);

    public async Task<string?> TargetDigestAsync(string name, string tag) =>
        (await TargetClient.HeadManifestAsync($"{Prefix}/{name}", tag, TestContext.Current.CancellationToken))?.Digest.ToString();

    /// <summary>The formats in which an image of the target lacks a signature by this bench's key.</summary>
    public async Task<IReadOnlyList<SignatureFormat>> MissingSignaturesAsync(string name, string digest, string? keyFile = null)
    {
        var signer = Signers.Create(new SigningOptions { Key = keyFile ?? KeyFile, Password = KeyPassword }, () => throw new InvalidOperationException(), TimeProvider.System);
        return await new ImageSigner(NewClients(), signer, [SignatureFormat.Cosign, SignatureFormat.Bundle], TimeProvider.System)
            .FindMissingAsync(Target.Host, $"{Prefix}/{name}", Digest.Parse(digest), TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        await Target.DisposeAsync();
        await Storage.DisposeAsync();
        _clients.ForEach(registries => registries.Dispose());
        _folder.Delete(recursive: true);
    }
}
