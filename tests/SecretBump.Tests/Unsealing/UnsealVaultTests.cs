using System.Text;
using System.Text.Json.Nodes;
using Ebb.SecretBump.Tests.Servers;
using Ebb.Storage;
using Ebb.TestServers.Vault;
using Ebb.Vault;
using Ebb.Worker;
using Ebb.Worker.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Ebb.SecretBump.Tests.Unsealing;

/// <summary>The function in its app's own host, over members that keep their seal: from the message or the clock to the run.</summary>
public sealed partial class UnsealVaultTests : IAsyncLifetime
{
    private const string Timer = "UnsealVaultOnSchedule";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ebb-unseal-host-");
    private readonly List<VaultServer> _members = [];
    private readonly CollectedLogs _logs = new();
    private RunningHost? _host;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Shares => Path.Combine(_folder.FullName, "shares");

    private string Store => Path.Combine(_folder.FullName, "storage");

    private IHostStorage Storage => _host!.Services.GetRequiredService<IHostStorage>();

    public async ValueTask InitializeAsync()
    {
        for (var i = 0; i < 3; i++)
        {
            _members.Add(await VaultServer.StartAsync());
            _members[i].Seal.Shares = _members[0].Seal.Shares;
        }

        Mount(_members[0].Seal.Shares.Take(3));
    }

    public async ValueTask DisposeAsync()
    {
        await (_host?.DisposeAsync() ?? ValueTask.CompletedTask);
        foreach (var member in _members)
        {
            await member.DisposeAsync();
        }

        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Message_SealedMember_IsUnsealedAndAnOpenOneNotTouched()
    {
        _members[0].Sealed = _members[2].Sealed = true;
        await StartAsync(Configured());

        var run = await AskAsync();

        run.State.ShouldBe(RunState.Succeeded, run.Error?.Message);
        StatesOf(run).ShouldBe(["Unsealed", "Open", "Unsealed"]);
        _members.ShouldAllBe(member => !member.Sealed);
        _members[1].Count("POST").ShouldBe(0);
        NothingKeeps(_members[0].Seal.Shares);
    }

    [Fact]
    public async Task Clock_SealedMember_IsUnsealedWithoutBeingAskedTo()
    {
        _members[1].Sealed = true;
        await StartAsync([.. Configured(), "--UnsealVault:Schedule=* * * * * *"]);

        await UntilAsync(() => !_members[1].Sealed);
    }

    [Fact]
    public async Task Message_OneMemberDown_TheOthersAreUnsealedAndTheRunSaysWhich()
    {
        _members[0].Down = true;
        _members[1].Sealed = _members[2].Sealed = true;
        await StartAsync(Configured());

        var run = await AskAsync();

        (run.State, run.Attempts.Count).ShouldBe((RunState.Failed, 1));
        run.Error!.Message.ShouldStartWith($"1 of 3 members stay sealed or do not answer:\n{_members[0].Address}: Vault at {_members[0].Address} does not answer");
        StatesOf(run).ShouldBe(["Unreachable", "Unsealed", "Unsealed"]);
    }

    [Fact]
    public async Task Message_WrongShare_IsReportedByItsFileAndKeptNowhere()
    {
        var wrong = new string('a', 66);
        Mount([.. _members[0].Seal.Shares.Take(2), wrong]);
        _members[0].Sealed = true;
        await StartAsync(Configured());

        var run = await AskAsync();

        run.State.ShouldBe(RunState.Failed);
        run.Error!.Message.ShouldContain("refused at share-2: unseal failed, invalid key. What had been given is forgotten.");
        (_members[0].Sealed, _members[0].Seal.Progress, _members[0].Seal.Refused).ShouldBe((true, 0, 1));
        NothingKeeps([wrong, .. _members[0].Seal.Shares]);
    }

    [Fact]
    public async Task Message_ServerRepeatsTheShareInItsError_IsKeptNowhere()
    {
        var share = _members[0].Seal.Shares[0];
        _members[0].Sealed = true;
        _members[0].Around = (context, answer) =>
        {
            if (context.Request.Method == "POST")
            {
                _members[0].FailNext(400, $"what is {share.ToUpperInvariant()}?");
            }

            return answer();
        };
        await StartAsync(Configured());

        var run = await AskAsync();

        run.State.ShouldBe(RunState.Failed);
        NothingKeeps([share, share.ToUpperInvariant()]);
    }

    [Fact]
    public async Task Message_SharesReplacedOnDisk_AreReadAnew()
    {
        Mount([new string('a', 66), new string('b', 66), new string('c', 66)]);
        _members[0].Sealed = true;
        await StartAsync(Configured());
        (await AskAsync()).State.ShouldBe(RunState.Failed);

        Mount(_members[0].Seal.Shares.Take(3));

        (await AskAsync()).State.ShouldBe(RunState.Succeeded);
        _members[0].Sealed.ShouldBeFalse();
    }

    [Fact]
    public async Task Message_SharesGoneFromDisk_SaysWhatToMountAndIsNotTriedAgain()
    {
        await StartAsync(Configured());
        Directory.Delete(Shares, recursive: true);

        var run = await AskAsync();

        (run.State, run.Attempts.Count, run.Error!.Message).ShouldBe(
            (RunState.Failed, 1, $"UnsealVault:SharesDirectory '{Shares}' does not exist. Mount the Secret with the key shares there, one in each file."));
    }

    [Fact]
    public async Task Message_AuthorityGoneFromDisk_SaysSoAndIsNotTriedAgain()
    {
        var authority = Path.Combine(_folder.FullName, "ca.crt");
        await File.WriteAllTextAsync(authority, "", Token);
        await StartAsync([.. Configured(), $"--UnsealVault:CaFile={authority}"]);
        File.Delete(authority);

        var run = await AskAsync();

        (run.State, run.Attempts.Count).ShouldBe((RunState.Failed, 1));
        run.Error!.Message.ShouldContain($"CaFile) '{authority}' does not exist.");
    }

    [Fact]
    public async Task Message_EarlierAttemptHadBegun_ItsProgressCounts()
    {
        _members[0].Sealed = true;
        await GiveAsync(_members[0], _members[0].Seal.Shares[3], _members[0].Seal.Shares[4]);
        var given = _members[0].Count("POST /v1/sys/unseal");
        await StartAsync(Configured());

        (await AskAsync()).State.ShouldBe(RunState.Succeeded);

        (_members[0].Sealed, _members[0].Count("POST /v1/sys/unseal") - given).ShouldBe((false, 1));
    }

    [Fact]
    public async Task Message_AnotherAttemptHadBegunWithAWrongShare_OursGetAnAttemptOfTheirOwn()
    {
        _members[0].Sealed = true;
        await GiveAsync(_members[0], new string('b', 66));
        await StartAsync(Configured());

        var run = await AskAsync();

        run.State.ShouldBe(RunState.Succeeded, run.Error?.Message);
        (_members[0].Sealed, _members[0].Seal.Refused).ShouldBe((false, 1));
    }

    [Fact]
    public async Task Message_SomebodyBeginsAnewInBetween_FailsAndTheNextGoesOn()
    {
        _members[0].Sealed = true;
        var posts = 0;
        _members[0].Around = async (_, answer) =>
        {
            if (_members[0].Seal.Progress == 1 && Interlocked.Exchange(ref posts, 1) == 0)
            {
                // What a reset by another operator leaves: nothing of what was given.
                _members[0].Sealed = true;
            }

            await answer();
        };
        await StartAsync(Configured());

        var run = await AskAsync();

        run.State.ShouldBe(RunState.Failed);
        run.Error!.Message.ShouldContain("2 of 3 count; another run may have begun anew");
        (await AskAsync()).State.ShouldBe(RunState.Succeeded);
        (_members[0].Sealed, _members[0].Seal.Refused).ShouldBe((false, 0));
    }

    [Fact]
    public async Task Message_AnotherRunOpensItWhileOursAreRefused_IsNoFailure()
    {
        Mount([.. _members[0].Seal.Shares.Take(2), new string('a', 66)]);
        _members[0].Sealed = true;
        _members[0].Around = async (context, answer) =>
        {
            if (context.Request.Method == "POST" && _members[0].Seal.Refused == 1 && _members[0].Sealed)
            {
                _members[0].Seal.Open();
            }

            await answer();
        };
        await StartAsync(Configured());

        var run = await AskAsync();

        run.State.ShouldBe(RunState.Succeeded, run.Error?.Message);
    }

    [Fact]
    public async Task Messages_TwoAtOnce_UnsealOnceAndBothSucceed()
    {
        _members.ForEach(member => member.Sealed = true);
        using var both = new Barrier(2);
        var asked = 0;
        _members[0].Around = async (context, answer) =>
        {
            if (context.Request.Method == "GET" && Interlocked.Increment(ref asked) <= 2)
            {
                // Both see it sealed.
                await Task.Run(() => both.SignalAndWait(Patience, Token), Token);
            }

            await answer();
        };
        await StartAsync(Configured());

        var first = await EnqueueAsync();
        var second = await EnqueueAsync();

        foreach (var run in new[] { await EndOfAsync(first), await EndOfAsync(second) })
        {
            run.State.ShouldBe(RunState.Succeeded, run.Error?.Message);
        }

        _members.ShouldAllBe(member => !member.Sealed && member.Seal.Refused == 0 && member.Seal.Unsealed == 1);
    }

    private static IEnumerable<string> StatesOf(Run run) => JsonNode.Parse(run.Result!)!["members"]!.AsArray().Select(member => (string)member!["state"]!);

    private static async Task GiveAsync(VaultServer member, params string[] shares)
    {
        using var seal = new VaultSeal(new VaultOptions { Address = member.Address }, TimeProvider.System);
        foreach (var share in shares)
        {
            await seal.UnsealAsync(share, Token);
        }
    }

    private string[] Configured() => [$"--UnsealVault:Members={string.Join(',', _members.Select(member => member.Address))}", $"--UnsealVault:SharesDirectory={Shares}"];

    private async Task StartAsync(string[] settings) => _host = await FunctionHost.StartAsync(
        ["--urls=http://127.0.0.1:0", $"--Storage=sqlite:{Store}/ebb.db", "--SecretBump:RefreshSchedule=0 0 0 1 1 *", "--Shutdown:Grace=00:00:05", "--UnsealVault:Schedule=0 0 0 1 1 *", .. settings],
        [new SecretBumpApp()],
        new HostEnvironment { WorkingDirectory = _folder.FullName, LoggerProvider = _logs },
        Token);

    private async Task<RunId> EnqueueAsync() => (await Storage.Queues.EnqueueAsync(new EnqueueRequest { Queue = UnsealVault.Queue, Body = "" }, Token)).RunId;

    private async Task<Run> AskAsync() => await EndOfAsync(await EnqueueAsync());

    private async Task<Run> EndOfAsync(RunId id)
    {
        var run = (await Storage.Runs.WaitAsync(id, Patience, Token)).ShouldNotBeNull();
        run.IsFinal.ShouldBeTrue($"run {id} is still {run.State}: {run.Error?.Message}");
        return run;
    }

    private void Mount(IEnumerable<string> shares)
    {
        Directory.CreateDirectory(Shares);
        foreach (var file in Directory.EnumerateFiles(Shares))
        {
            File.Delete(file);
        }

        foreach (var (index, share) in shares.Index())
        {
            File.WriteAllText(Path.Combine(Shares, $"share-{index}"), share + "\n");
        }
    }

    private void NothingKeeps(IEnumerable<string> shares)
    {
        _logs.Lines.ShouldNotBeEmpty();
        var kept = Directory.EnumerateFiles(Store, "*", SearchOption.AllDirectories).Where(path => Path.GetFileName(path) != "lock").Select(Read).ToList();
        kept.ShouldContain(text => text.Contains("UnsealVaultOnRequest"));
        foreach (var share in shares)
        {
            _logs.Lines.ShouldAllBe(line => !line.Contains(share, StringComparison.Ordinal));
            kept.ShouldAllBe(text => !text.Contains(share, StringComparison.Ordinal));
        }
    }

    // The host has it open.
    private static string Read(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(file, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    private static Task UntilAsync(Func<bool> condition) => UntilAsync(() => Task.FromResult(condition()));

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Token);
        patience.CancelAfter(Patience);
        while (!await condition())
        {
            await Task.Delay(50, patience.Token);
        }
    }
}
