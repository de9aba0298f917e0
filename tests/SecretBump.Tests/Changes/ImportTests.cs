using System.Text;
using System.Text.Json;
using Ebb.Age;
using Ebb.Contracts;
using Ebb.Contracts.Secrets;
using Ebb.SecretBump.Reports;
using Ebb.SecretBump.Tests.Servers;
using Ebb.Worker;

namespace Ebb.SecretBump.Tests.Changes;

public sealed class ImportTests : IDisposable
{
    private const string Value = "a-value-that-nobody-may-find";

    private readonly AgeIdentity _identity = AgeIdentity.Generate();
    private readonly string _file = Path.GetTempFileName();

    public ImportTests() => File.WriteAllText(_file, _identity.ExportSecret());

    public void Dispose()
    {
        _identity.Dispose();
        File.Delete(_file);
    }

    [Fact]
    public async Task Import_NewAndExistingEnvironments_AreWrittenAndSiblingsStay()
    {
        await using var bench = await StartAsync();
        bench.Vault.KeyValue().Put(BumpBench.PathOf("shop", "prd"), """{"KEPT":"1.10","METADATA_TAG":"1.3.0","PASSWORD":"old"}""");

        var report = await bench.RunAsync(Import(dryRun: false));

        report.Environments.ShouldAllBe(environment => environment.Action == ChangeAction.Imported);
        bench.Vault.KeyValue().Data(BumpBench.PathOf("shop", "prd"))!.ToJsonString().ShouldBe($$"""{"KEPT":"1.10","METADATA_TAG":"1.3.0","PASSWORD":"{{Value}}"}""");
        bench.Vault.KeyValue().Data(BumpBench.PathOf("shop"))!.ToJsonString().ShouldBe($$"""{"METADATA_TAG":"1.0.0","PASSWORD":"{{Value}}"}""");
    }

    [Fact]
    public async Task Import_Again_WritesNothing()
    {
        await using var bench = await StartAsync();
        await bench.RunAsync(Import(dryRun: false));

        (await bench.RunAsync(Import(dryRun: false))).Outcome.ShouldBe(ChangeOutcome.Unchanged);
        bench.Vault.KeyValue().CurrentVersion(BumpBench.PathOf("shop")).ShouldBe(1);
    }

    [Fact]
    public async Task Import_AnswerOfTheWriteLost_IsReportedAsImportedAndOver()
    {
        await using var bench = await StartAsync();
        var path = BumpBench.PathOf("shop", "prd");
        bench.Vault.KeyValue().Put(path, ("METADATA_TAG", "1.3.0"), ("PASSWORD", "old"));
        await bench.BumpAsync("shop", "1.3.0", "prd");
        bench.LoseTheNextWritesAnswer(path);

        var environment = (await bench.RunAsync(Import(dryRun: false))).Environments.Single(environment => environment.Environment == "prd");
        (environment.Action, environment.OldVersion, environment.NewVersion).ShouldBe((ChangeAction.Imported, "1", "2"));
        var known = await bench.KnownAsync("shop", "prd");
        (known.Begun, known.HealthyVersion).ShouldBe((null, "2"));
    }

    [Fact]
    public async Task Import_DryRun_ShowsNamesAndNoValues()
    {
        await using var bench = await StartAsync();
        bench.Vault.KeyValue().Put(BumpBench.PathOf("shop", "prd"), ("PASSWORD", "old"));

        var report = await bench.RunAsync(Import(dryRun: true));

        report.Environments.Single(environment => environment.Environment == "prd").Keys.ShouldBe(new Dictionary<string, KeyChange> { ["PASSWORD"] = KeyChange.Changed });
        JsonSerializer.Serialize(report, ReportJson.Default.ChangeReport).ShouldNotContain(Value);
        bench.Vault.KeyValue().CurrentVersion(BumpBench.PathOf("shop", "prd")).ShouldBe(1);
    }

    [Fact]
    public async Task Import_NothingOfItCanBeReadInStorageLogsOrReport()
    {
        await using var bench = await StartAsync();
        var body = JsonSerializer.Serialize<SecretChange>(Import(dryRun: false), ContractsJson.Default.SecretChange);
        await bench.Storage.Queues.EnqueueAsync(new() { Queue = Queues.SecretChanges, Body = body }, BumpBench.Token);

        var report = await bench.RunAsync(Import(dryRun: false));

        JsonSerializer.Serialize(report, ReportJson.Default.ChangeReport).ShouldNotContain(Value);
        bench.Logs.Lines.ShouldNotContain(line => line.Contains(Value));
        await bench.Storage.DisposeAsync();
        foreach (var file in Directory.EnumerateFiles(bench.StorageFolder))
        {
            Encoding.UTF8.GetString(await File.ReadAllBytesAsync(file, BumpBench.Token)).ShouldNotContain(Value, customMessage: file);
        }
    }

    [Fact]
    public async Task Import_TagOfARunningEnvironment_IsRefused()
    {
        await using var bench = await StartAsync();
        bench.Vault.KeyValue().Put(BumpBench.PathOf("shop"), ("METADATA_TAG", "0.9.0"));

        var report = await bench.RunAsync(Import(dryRun: false));

        var refused = report.Environments.Single(environment => environment.Environment == "dev");
        (refused.Fault, refused.Kind).ShouldBe(("tag", FailureKind.Conflict));
    }

    [Fact]
    public async Task Import_BoxOfAnotherApplication_IsRefused()
    {
        await using var bench = await StartAsync();

        var failure = await Should.ThrowAsync<Ebb.SecretBump.Changes.ChangeException>(() => bench.RunAsync(Import(dryRun: false) with { Application = "till" }));

        failure.Kind.ShouldBe(FailureKind.Unprocessable);
    }

    [Fact]
    public async Task Import_SealedToAnotherKey_SaysWhichSettingsBelongTogether()
    {
        await using var bench = await StartAsync();
        using var other = AgeIdentity.Generate();

        var failure = await Should.ThrowAsync<Ebb.SecretBump.Changes.ChangeException>(() => bench.RunAsync(Import(dryRun: false, other.Recipient)));

        failure.Message.ShouldContain("SecretBump:ImportIdentityFile");
    }

    [Fact]
    public async Task Import_OlderKeyBesideANewerOne_OpensBoth()
    {
        using var newer = AgeIdentity.Generate();
        await File.AppendAllTextAsync(_file, $"\n{newer.ExportSecret()}\n", BumpBench.Token);
        await using var bench = await StartAsync();

        (await bench.RunAsync(Import(dryRun: true))).Environments.Count.ShouldBe(2);
        (await bench.RunAsync(Import(dryRun: true, newer.Recipient))).Environments.Count.ShouldBe(2);
    }

    private Task<BumpBench> StartAsync() => BumpBench.StartAsync(("SecretBump:ImportIdentityFile", _file));

    private ImportRequest Import(bool dryRun, AgeRecipient? recipient = null)
    {
        var secrets = new ImportedSecrets
        {
            Application = "shop",
            Environments = new Dictionary<string, IReadOnlyDictionary<string, string>>
            {
                ["dev"] = new Dictionary<string, string> { ["METADATA_TAG"] = "1.0.0", ["PASSWORD"] = Value },
                ["prd"] = new Dictionary<string, string> { ["PASSWORD"] = Value },
            },
        };
        var box = AgeBox.Seal(recipient ?? _identity.Recipient, JsonSerializer.SerializeToUtf8Bytes(secrets, ContractsJson.Default.ImportedSecrets));
        return new ImportRequest { Application = "shop", Sealed = box, DryRun = dryRun };
    }
}
