using Ebb.SecretBump.Unsealing;
using Ebb.TestServers.Vault;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Ebb.SecretBump.Tests.Unsealing;

public sealed class VaultUnsealerTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ebb-unseal-").FullName;
    private readonly List<VaultServer> _members = [];
    private readonly SaidMessages _log = new();

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
        foreach (var member in _members)
        {
            await member.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Run_TwoOfThreeSealed_UnsealsThoseAndLeavesTheOther()
    {
        _members[0].Sealed = _members[2].Sealed = true;

        (await RunAsync()).ShouldBe([MemberState.Unsealed, MemberState.Open, MemberState.Unsealed]);

        _members.ShouldAllBe(member => !member.Sealed);
        _members[1].Count("POST").ShouldBe(0);
        _members[0].Count("POST /v1/sys/unseal").ShouldBe(3);
        NothingOfAShareIsSaid();
    }

    [Fact]
    public async Task Run_MemberThatIsNotInitialized_IsReportedAndNotTouched()
    {
        _members[1].Seal.Initialized = false;

        var report = await Unsealer().RunAsync(default);

        report.Members[1].State.ShouldBe(MemberState.NotInitialized);
        _members[1].Count("POST").ShouldBe(0);
    }

    [Fact]
    public async Task Run_WrongShare_StopsWithNoProgressLeftAndSaysWhichFile()
    {
        Mount([.. _members[0].Seal.Shares.Take(2), new string('a', 66)]);
        _members[0].Sealed = true;

        var member = (await Unsealer().RunAsync(default)).Members[0];

        member.State.ShouldBe(MemberState.Sealed);
        member.Detail!.ShouldContain("refused at share-2: unseal failed, invalid key");
        (_members[0].Seal.Progress, _members[0].Seal.Refused, _members[0].Sealed).ShouldBe((0, 1, true));
        NothingOfAShareIsSaid();
    }

    [Fact]
    public async Task Run_ShareThatIsNone_StopsAndResetsProgress()
    {
        Mount([_members[0].Seal.Shares[0], "no-share-at-all!", _members[0].Seal.Shares[1]]);
        _members[0].Sealed = true;

        (await Unsealer().RunAsync(default)).Members[0].Detail!.ShouldContain("refused at share-1");

        _members[0].Seal.Progress.ShouldBe(0);
    }

    [Fact]
    public async Task Run_SomebodyHadBegunWithAWrongShare_SucceedsWithOurs()
    {
        _members[0].Sealed = true;
        using (var other = new Ebb.Vault.VaultSeal(new Ebb.Vault.VaultOptions { Address = _members[0].Address }, TimeProvider.System))
        {
            await other.UnsealAsync(new string('b', 66), default);
        }

        (await RunAsync())[0].ShouldBe(MemberState.Unsealed);
        _members[0].Seal.Refused.ShouldBe(1);
    }

    [Fact]
    public async Task Run_TwoRunsAtOnce_AreHarmless()
    {
        _members.ForEach(member => member.Sealed = true);

        await Task.WhenAll(Unsealer().RunAsync(default), Unsealer().RunAsync(default));
        await Unsealer().RunAsync(default);

        _members.ShouldAllBe(member => !member.Sealed && member.Seal.Refused == 0);
    }

    [Fact]
    public async Task Run_TooFewShares_TouchesNothing()
    {
        Mount(_members[0].Seal.Shares.Take(2));
        _members[0].Sealed = true;

        var member = (await Unsealer().RunAsync(default)).Members[0];

        (member.State, member.Detail).ShouldBe((MemberState.Sealed, "It needs 3 key shares and 2 are mounted. It was not touched."));
        _members[0].Count("POST").ShouldBe(0);
    }

    [Fact]
    public async Task Run_MemberThatIsGone_IsReportedAndTheOthersGoOn()
    {
        _members[0].Down = true;
        _members[1].Sealed = true;

        (await RunAsync()).ShouldBe([MemberState.Unreachable, MemberState.Unsealed, MemberState.Open]);
    }

    [Fact]
    public async Task Run_ServiceName_AsksEachOfItsAddresses()
    {
        _members[0].Sealed = true;
        var options = new UnsealOptions { Service = new Uri(_members[0].Address.Replace("127.0.0.1", "localhost", StringComparison.Ordinal)), SharesDirectory = _folder };

        var report = await Unsealer(options).RunAsync(default);

        report.Members.ShouldContain(member => member.Address == _members[0].Address && member.State == MemberState.Unsealed);
    }

    [Fact]
    public async Task Run_SharesThatCannotBeUsed_SayWhyWithoutTheirContent()
    {
        Mount(["two words"]);
        (await Should.ThrowAsync<UnsealException>(() => Unsealer().RunAsync(default))).Message.ShouldStartWith("The key share share-0 is empty or holds more than one word.");

        Mount([]);
        (await Should.ThrowAsync<UnsealException>(() => Unsealer().RunAsync(default))).Message.ShouldContain("holds no file");
    }

    [Fact]
    public void Options_Mistakes_AreAllListedAtOnce()
    {
        var problems = new List<string>();
        UnsealOptions.From(
            new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["UnsealVault:Members"] = "http://vault-0:8200, https://user:hunter2@vault-1:8200 vault-2",
                ["UnsealVault:Service"] = "https://vault-internal:8200",
                ["UnsealVault:SharesDirectory"] = "/nowhere",
            }).Build(),
            problems);

        problems.ShouldBe(
        [
            "UnsealVault:Members holds what is no URL such as https://vault-0.vault-internal:8200 (no user, path or query).",
            "UnsealVault:Members holds what is no URL such as https://vault-0.vault-internal:8200 (no user, path or query).",
            "UnsealVault:Members and UnsealVault:Service are set. Keep one.",
            "UnsealVault would send key shares to http://vault-0:8200/ unencrypted. Use https, or set UnsealVault:PlainHttp to true.",
            "UnsealVault:SharesDirectory '/nowhere' does not exist. Mount the Secret with the key shares there, one in each file.",
        ]);
    }

    private async Task<IReadOnlyList<MemberState>> RunAsync() => [.. (await Unsealer().RunAsync(default)).Members.Select(member => member.State)];

    private VaultUnsealer Unsealer(UnsealOptions? options = null) => new(
        options ?? new UnsealOptions { Members = [.. _members.Select(member => new Uri(member.Address))], SharesDirectory = _folder }, TimeProvider.System, _log);

    private void Mount(IEnumerable<string> shares)
    {
        foreach (var file in Directory.EnumerateFiles(_folder))
        {
            File.Delete(file);
        }

        foreach (var (index, share) in shares.Index())
        {
            File.WriteAllText(Path.Combine(_folder, $"share-{index}"), share + "\n");
        }
    }

    private void NothingOfAShareIsSaid()
    {
        _log.Messages.ShouldNotBeEmpty();
        _log.Messages.ShouldAllBe(message => !_members[0].Seal.Shares.Any(share => message.Contains(share, StringComparison.Ordinal)) && !message.Contains("aaaaaaaa", StringComparison.Ordinal));
    }

    private sealed class SaidMessages : ILogger<VaultUnsealer>
    {
        public System.Collections.Concurrent.ConcurrentQueue<string> Messages { get; } = new();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Messages.Enqueue(formatter(state, exception) + exception);
    }
}
