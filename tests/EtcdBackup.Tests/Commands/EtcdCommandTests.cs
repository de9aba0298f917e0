using System.CommandLine;
using System.Text.Json;
using Ebb.Age;
using Ebb.EtcdBackup.Commands;
using Ebb.EtcdBackup.Snapshots;
using Ebb.TestServers.Etcd;
using Microsoft.Extensions.Configuration;

namespace Ebb.EtcdBackup.Tests.Commands;

public sealed class EtcdCommandTests : IAsyncLifetime
{
    private readonly BackupBench _bench = new();
    private EtcdStandIn _member = null!;

    public async ValueTask InitializeAsync()
    {
        _member = await EtcdStandIn.StartAsync();
        await _bench.With("Endpoints", _member.Endpoint).StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _bench.DisposeAsync();
        await _member.DisposeAsync();
    }

    [Fact]
    public async Task List_WithSnapshots_ShowsStateAndRevision()
    {
        var report = await _bench.RunAsync();
        await File.WriteAllTextAsync(Path.Combine(_bench.Objects, "prod-2020-01-01T00:00:00Z.snap"), "x", BackupBench.Token);

        var (code, output, _) = await RunAsync("list");

        code.ShouldBe(0);
        var lines = output.Split('\n');
        lines[1].ShouldMatch($@"^{System.Text.RegularExpressions.Regex.Escape(report.Name)} +0 min +verified +\d+ kB +\d+ kB +42 +7$");
        lines[2].ShouldContain("unverified");
    }

    [Fact]
    public async Task List_OneDatedInTheFuture_HasNoAge()
    {
        await File.WriteAllTextAsync(Path.Combine(_bench.Objects, "prod-2099-01-01T00:00:00Z.snap"), "x", BackupBench.Token);

        (await RunAsync("list")).Output.ShouldContain("prod-2099-01-01T00:00:00Z.snap  future  unverified");
    }

    [Fact]
    public async Task List_Json_IsTheWholeSidecar()
    {
        var report = await _bench.RunAsync();

        var (_, output, _) = await RunAsync("list", "--json");

        using var json = JsonDocument.Parse(output);
        json.RootElement[0].GetProperty("sidecar").GetProperty("plaintextBytes").GetInt64().ShouldBe(report.Bytes);
        json.RootElement[0].GetProperty("state").GetString().ShouldBe("verified");
    }

    [Fact]
    public async Task List_NeedsNoSource()
    {
        _bench.With("Source", null).With("AgeRecipients", null);

        (await RunAsync("list")).Code.ShouldBe(0);
    }

    [Fact]
    public async Task List_WithoutStore_NamesEverySetting()
    {
        var (code, _, error) = await RunAsync(new Dictionary<string, string?>(), "list");

        code.ShouldBe(2);
        error.ShouldContain("EtcdBackup:Cluster is not set");
        error.ShouldContain("EtcdBackup:Store is not set");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Fetch_LatestOrByName_WritesTheVerifiedSnapshotForItsOwnerOnly(bool latest)
    {
        var report = await _bench.RunAsync();

        var (code, output, error) = await RunAsync("fetch", latest ? "latest" : report.Name, "--identity", _bench.IdentityFile, "--out", _bench.At("db.snap"));

        code.ShouldBe(0, error);
        output.ShouldContain("verified");
        (await File.ReadAllBytesAsync(_bench.At("db.snap"), BackupBench.Token)).ShouldBe(_member.Script.Content);
        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(_bench.At("db.snap")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    [Fact]
    public async Task Fetch_IdentityFileWithOthersInIt_UsesTheUsableOneAndNamesTheOthers()
    {
        await _bench.RunAsync();
        await File.WriteAllTextAsync(_bench.IdentityFile, $"AGE-SECRET-KEY-PQ-1QQQQ\n{_bench.Identity.ExportSecret()}\n", BackupBench.Token);

        var (code, _, error) = await RunAsync("fetch", "latest", "--identity", _bench.IdentityFile, "--out", _bench.At("db.snap"));

        (code, error).ShouldBe((0, $"{_bench.IdentityFile}, line 1: a post-quantum identity: it is not used here.\n"));
        (await File.ReadAllBytesAsync(_bench.At("db.snap"), BackupBench.Token)).ShouldBe(_member.Script.Content);
    }

    [Fact]
    public async Task Fetch_FileThere_IsRefusedUnlessForced()
    {
        await _bench.RunAsync();
        await File.WriteAllTextAsync(_bench.At("db.snap"), "precious", BackupBench.Token);

        var refused = await RunAsync("fetch", "latest", "--identity", _bench.IdentityFile, "--out", _bench.At("db.snap"));

        (refused.Code, refused.Error.Contains("--force", StringComparison.Ordinal)).ShouldBe((1, true));
        (await File.ReadAllTextAsync(_bench.At("db.snap"), BackupBench.Token)).ShouldBe("precious");
        (await RunAsync("fetch", "latest", "--identity", _bench.IdentityFile, "--out", _bench.At("db.snap"), "--force")).Code.ShouldBe(0);
        (await File.ReadAllBytesAsync(_bench.At("db.snap"), BackupBench.Token)).ShouldBe(_member.Script.Content);
    }

    [Fact]
    public async Task Fetch_ObjectChanged_LeavesNoFile()
    {
        var report = await _bench.RunAsync();
        var path = Path.Combine(_bench.Objects, report.Name);
        var content = await File.ReadAllBytesAsync(path, BackupBench.Token);
        content[^100] ^= 1;
        await File.WriteAllBytesAsync(path, content, BackupBench.Token);

        var (code, _, error) = await RunAsync("fetch", report.Name, "--identity", _bench.IdentityFile, "--out", _bench.At("db.snap"));

        code.ShouldBe(1);
        error.ShouldContain("not authentic");
        Directory.EnumerateFiles(_bench.Folder, "db.snap*").ShouldBeEmpty();
    }

    [Fact]
    public async Task Fetch_UnencryptedObjectChangedWithItsTrailer_IsFoundByTheSidecar()
    {
        await using var bench = await new BackupBench().With("Endpoints", _member.Endpoint).With("AgeRecipients", null).With("DisableEncryption", "true").StartAsync();
        var report = await bench.RunAsync();
        await File.WriteAllBytesAsync(Path.Combine(bench.Objects, report.Name), SnapshotScript.Of(64).Content, BackupBench.Token);

        var (code, _, error) = await RunAsync(bench.Settings, "fetch", report.Name, "--out", bench.At("db.snap"));

        code.ShouldBe(1);
        error.ShouldContain("is not what was stored");
    }

    [Fact]
    public async Task Fetch_WithAnotherIdentity_IsRefused()
    {
        await _bench.RunAsync();
        using var other = AgeIdentity.Generate();
        await File.WriteAllTextAsync(_bench.At("other.txt"), other.ExportSecret(), BackupBench.Token);

        (await RunAsync("fetch", "latest", "--identity", _bench.At("other.txt"), "--out", _bench.At("db.snap"))).Code.ShouldBe(1);
        (await RunAsync("fetch", "latest", "--out", _bench.At("db.snap"))).Error.ShouldContain("is encrypted; give the file with the identity");

        File.Exists(_bench.At("db.snap")).ShouldBeFalse();
    }

    [Theory]
    [InlineData("latest", "no verified snapshot")]
    [InlineData("../../etc/passwd", "is not the name of a snapshot of prod")]
    [InlineData("prod-2020-01-01T00:00:00Z.snap", "There is no prod-2020-01-01T00:00:00Z.snap")]
    public async Task Fetch_WhatIsNotThere_SaysSo(string name, string expected) =>
        (await RunAsync("fetch", name, "--out", _bench.At("db.snap"))).Error.ShouldContain(expected);

    [Fact]
    public async Task Runbook_OfEtcd_HasTheWarningsThatMatter()
    {
        var report = await _bench.RunAsync();

        var (code, output, _) = await RunAsync("runbook");

        code.ShouldBe(0);
        output.ShouldContain($"ebb etcd fetch {report.Name} --identity key.txt --out prod.db");
        output.ShouldContain("--bump-revision 1000000000 --mark-compacted");
        output.ShouldContain("EncryptionConfiguration");
        output.ShouldContain("Revision 42, 7 keys");
    }

    [Fact]
    public async Task Runbook_OfOneThatADrillVerified_ClaimsNothingThatIsNotKnown()
    {
        var report = await _bench.RunAsync();
        var path = Path.Combine(_bench.Objects, report.Name + Sidecar.Extension);
        var sidecar = JsonSerializer.Deserialize(await File.ReadAllTextAsync(path, BackupBench.Token), SidecarJson.Default.Sidecar)!;
        var drilled = sidecar with { Source = "unknown", Member = null, MemberId = null, EtcdVersion = null, Recipients = [] };
        await File.WriteAllTextAsync(path, JsonSerializer.Serialize(drilled, SidecarJson.Default.Sidecar), BackupBench.Token);

        var (_, output, _) = await RunAsync("runbook");

        output.ShouldNotContain("(member ");
        output.ShouldNotContain("after it was written");
        output.ShouldContain($"{sidecar.PlaintextBytes} bytes, SHA-256 {sidecar.PlaintextSha256}.");
        output.ShouldContain("A drill read all of it");
    }

    [Fact]
    public async Task Runbook_OfTalos_WipesEphemeralFirst()
    {
        await _bench.RunAsync();
        _bench.With("Source", "talos");

        var (_, output, _) = await RunAsync("runbook");

        output.IndexOf("--system-labels-to-wipe=EPHEMERAL", StringComparison.Ordinal).ShouldBeInRange(1, output.IndexOf("bootstrap --recover-from=./prod.db", StringComparison.Ordinal));
        output.ShouldContain("Talos does not bump revisions");
    }

    private Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments) => RunAsync(_bench.Settings, arguments);

    private static async Task<(int Code, string Output, string Error)> RunAsync(IReadOnlyDictionary<string, string?> settings, params string[] arguments)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await new EtcdCommand(configuration).Parse(arguments).InvokeAsync(new InvocationConfiguration { Output = output, Error = error }, BackupBench.Token);
        return (code, output.ToString(), error.ToString());
    }
}
