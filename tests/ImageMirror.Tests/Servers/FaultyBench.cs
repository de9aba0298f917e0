using System.Security.Cryptography;
using Ebb.Contracts;
using Ebb.Http;
using Ebb.ImageMirror.Mirroring;
using Ebb.ImageMirror.Reports;
using Ebb.Oci;
using Ebb.Signing;
using Ebb.TestServers.Registry;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ebb.ImageMirror.Tests.Servers;

/// <summary>A mirror between two registries that go wrong on command, from <c>up/</c> into <c>library/</c>.</summary>
internal sealed class FaultyBench : IAsyncDisposable
{
    private readonly RegistryClients _clients = new(
        new RegistriesOptions { Resilience = new ResilienceOptions { MaxRetries = 2, BaseDelay = TimeSpan.FromMilliseconds(5), MaxDelay = TimeSpan.FromMilliseconds(20) } },
        TimeProvider.System);

    private readonly string _keyFile = Path.GetTempFileName();

    private readonly TestStorage _storage;

    private FaultyBench(FaultyRegistry source, FaultyRegistry target, TestStorage storage)
    {
        _storage = storage;
        Source = source;
        Target = target;
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        File.WriteAllText(_keyFile, key.ExportPkcs8PrivateKeyPem());
    }

    public FaultyRegistry Source { get; }

    public FaultyRegistry Target { get; }

    public MirrorOptions Options { get; set; } = new();

    public static async Task<FaultyBench> StartAsync(RegistryBehaviour? source = null, RegistryBehaviour? target = null) =>
        new(await FaultyRegistry.StartAsync(source), await FaultyRegistry.StartAsync(target), await TestStorage.OpenAsync());

    public Task<MirrorReport> RunAsync(params string[] names) => RunAsync(names, dryRun: false);

    public Task<MirrorReport> DryRunAsync(params string[] names) => RunAsync(names, dryRun: true);

    public async ValueTask DisposeAsync()
    {
        _clients.Dispose();
        await Source.DisposeAsync();
        await Target.DisposeAsync();
        await _storage.DisposeAsync();
        File.Delete(_keyFile);
    }

    public Task<MirrorReport> RunAsync(Func<MirrorImage, MirrorImage> change, string name) => RunAsync([change(ImageOf(name))], dryRun: false);

    private Task<MirrorReport> RunAsync(string[] names, bool dryRun) => RunAsync([.. names.Select(ImageOf)], dryRun);

    private MirrorImage ImageOf(string name) => new() { Source = $"{Source.Host}/up/{name}", Tags = ["1"] };

    private async Task<MirrorReport> RunAsync(IReadOnlyList<MirrorImage> images, bool dryRun)
    {
        var memory = new MirrorMemory(_storage.Documents, NullLogger<MirrorMemory>.Instance);
        using var signing = new MirrorSigning(_clients, new SigningOptions { Key = _keyFile, Password = "" }, new SigningOptions(), () => throw new InvalidOperationException("no Vault in this test"), memory, TimeProvider.System);
        var engine = new MirrorEngine(_clients, signing, memory, Options, TimeProvider.System, NullLogger<MirrorEngine>.Instance);
        return await engine.RunAsync(
            new MirrorOrder
            {
                Target = $"{Target.Host}/library",
                Images = images,
                DryRun = dryRun,
            },
            static _ => { },
            TestContext.Current.CancellationToken);
    }
}
