using System.Text.Json;
using System.Text.Json.Nodes;
using Ebb.Contracts;
using Ebb.Contracts.Secrets;
using Ebb.SecretBump.Tests.Servers;
using Ebb.Storage;
using Ebb.TestServers.Vault;
using Ebb.Worker;
using Ebb.Worker.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Ebb.SecretBump.Tests;

/// <summary>The app in its own host: from the message to the run.</summary>
public sealed class ChangeSecretsTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ebb-changes-");
    private VaultServer _vault = null!;
    private RunningHost _host = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private IHostStorage Storage => _host.Services.GetRequiredService<IHostStorage>();

    public async ValueTask InitializeAsync()
    {
        _vault = await VaultServer.StartAsync();
        foreach (var application in new[] { "shop", "till", "desk" })
        {
            _vault.KeyValue().Put(BumpBench.PathOf(application), ("METADATA_TAG", "0"));
        }

        await StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _vault.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Request_Bump_EndsWithAReportAndCaller()
    {
        var run = await EndOfAsync(await EnqueueAsync(new BumpRequest { Application = "shop", NewTag = "1", Environments = ["dev"] }, "ci-shop"));

        run.State.ShouldBe(RunState.Succeeded, run.Error?.Message);
        var report = JsonNode.Parse(run.Result!)!;
        ((string)report["outcome"]!, (string)report["by"]!, (string)report["environments"]![0]!["action"]!).ShouldBe(("changed", "ci-shop", "updated"));
    }

    [Theory]
    [InlineData("""{"application":"shop","new_tag":"1","environments":["nowhere"]}""", "NotFound")]
    [InlineData("""{"application":"shop","new_tag":"a/b"}""", "Unprocessable")]
    [InlineData("""{"application":"nothing","new_tag":"1"}""", "NotFound")]
    public async Task Request_ThatCannotBe_FailsForGoodWithItsKind(string body, string kind)
    {
        var accepted = await Storage.Queues.EnqueueAsync(new EnqueueRequest { Queue = Queues.SecretChanges, Body = body }, Token);

        var run = await EndOfAsync(accepted.RunId);

        (run.State, run.Error!.Type, run.Attempts.Count).ShouldBe((RunState.Failed, kind, 1));
    }

    [Fact]
    public async Task Message_IsPutIntoTheLineOfItsApplicationOnce()
    {
        var functions = ActivatorUtilities.CreateInstance<ChangeSecrets>(_host.Services);
        var context = new RunContext
        {
            RunId = RunId.New(TimeProvider.System),
            Function = FunctionIndex.Functions.Single(function => function.Name == "ChangeOnMessage"),
            InstanceServices = _host.Services,
            TriggerData = new object(),
            Cancellation = Token,
            Caller = CallerNames.BrokerUser("ci"),
            Scope = CallerScope.Of(["shop"]),
        };
        const string message = """{"application":"shop","new_tag":"7","environments":["dev"]}""";

        var first = await functions.OnMessage(message, context);
        var again = await functions.OnMessage(message, context);
        await Should.ThrowAsync<MessageFormatException>(() => functions.OnMessage("""{"change":"approve","application":"shop","environment":"dev","new_tag":"7"}""", context));
        await Should.ThrowAsync<CallerForbiddenException>(() => functions.OnMessage("""{"application":"till","new_tag":"7"}""", context));
        await Should.ThrowAsync<MessageFormatException>(() => functions.OnMessage("""{"application":"../shop","new_tag":"7"}""", context));

        again.Run.ShouldBe(first.Run);
        var run = await EndOfAsync(RunId.Parse(first.Run));
        (run.State, run.Caller, run.SequenceKey).ShouldBe((RunState.Succeeded, "rabbitmq:user/ci", "shop"));
    }

    [Fact]
    public async Task Refresh_SeesWhatWasWrittenPastEbbAndLeavesOutWhatIsGone()
    {
        var path = BumpBench.PathOf("shop");
        foreach (var tag in new[] { "1", "2", "3", "4" })
        {
            _vault.KeyValue().Put(path, ("METADATA_TAG", tag));
        }

        _vault.KeyValue().Delete(path, 2);
        _vault.KeyValue().Destroy(path, 3);
        var accepted = await Storage.Queues.EnqueueAsync(new EnqueueRequest { Queue = Queues.SecretRefresh, Body = """{"application":"shop"}""" }, Token);

        (await EndOfAsync(accepted.RunId)).State.ShouldBe(RunState.Succeeded);
        var document = await Storage.Documents.GetAsync(EnvironmentDocument.KeyOf("shop", "dev"), Token);
        var known = JsonSerializer.Deserialize(document!.Value, ContractsJson.Default.EnvironmentDocument)!;
        (known.CurrentVersion, known.CurrentTag).ShouldBe(("5", "4"));
        known.Versions.Select(version => (version.Version, version.Tag)).ShouldBe([("5", "4"), ("4", "3"), ("1", "0")]);
    }

    [Fact]
    public async Task Changes_HostRestartedAgainAndAgain_EndWithTheLastAcceptedOfEachApplication()
    {
        var runs = new List<RunId>();
        for (var i = 1; i <= 30; i++)
        {
            var application = new[] { "shop", "till", "desk" }[i % 3];
            runs.Add(await EnqueueAsync(new BumpRequest { Application = application, NewTag = $"{i}", Environments = ["dev"] }, "ci"));
            if (i % 7 == 0)
            {
                await _host.DisposeAsync();
                await StartAsync();
            }
        }

        foreach (var run in runs)
        {
            (await EndOfAsync(run)).State.ShouldBe(RunState.Succeeded);
        }

        new[] { "desk", "till", "shop" }.Select(application => (string?)_vault.KeyValue().Data(BumpBench.PathOf(application))!["METADATA_TAG"]).ShouldBe(["29", "28", "30"]);
        new[] { "desk", "till", "shop" }.ShouldAllBe(application => _vault.KeyValue().CurrentVersion(BumpBench.PathOf(application)) == 11);
    }

    private async Task StartAsync() => _host = await FunctionHost.StartAsync(
        [
            "--urls=http://127.0.0.1:0", $"--Storage=sqlite:{Path.Combine(_folder.FullName, "storage")}/ebb.db", $"--Vault:Address={_vault.Address}", $"--Vault:Token={_vault.Tokens.Create(policies: ["read *", "list *", "patch *", "update *", "create *"]).Value}",
            "--SecretBump:RefreshSchedule=0 0 0 1 1 *", "--Shutdown:Grace=00:00:05",
        ],
        [new SecretBumpApp()],
        new HostEnvironment { WorkingDirectory = _folder.FullName, LoggerProvider = new CollectedLogs() },
        Token);

    private async Task<RunId> EnqueueAsync(SecretChange change, string caller) => (await Storage.Queues.EnqueueAsync(
        new EnqueueRequest { Queue = Queues.SecretChanges, SequenceKey = change.Application, Caller = caller, Body = JsonSerializer.Serialize(change, ContractsJson.Default.SecretChange) }, Token)).RunId;

    private async Task<Run> EndOfAsync(RunId id)
    {
        var run = (await Storage.Runs.WaitAsync(id, Patience, Token)).ShouldNotBeNull();
        run.IsFinal.ShouldBeTrue($"run {id} is still {run.State}: {run.Error?.Message}");
        return run;
    }
}
