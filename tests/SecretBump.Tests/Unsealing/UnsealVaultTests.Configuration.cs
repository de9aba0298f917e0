using Ebb.Storage;
using Ebb.Worker;

namespace Ebb.SecretBump.Tests.Unsealing;

public sealed partial class UnsealVaultTests
{
    [Fact]
    public async Task NotConfigured_Start_IsOffAndTheRestOfTheAppIsOn()
    {
        await StartAsync(["--UnsealVault:Schedule=* * * * * *", $"--Vault:Address={_members[0].Address}", "--Vault:Token=root"]);

        await UntilAsync(async () => await Storage.Schedules.GetAsync("RefreshOnSchedule", Token) is not null);

        _logs.Lines.ShouldContain(line => line.Contains("Off, because neither UnsealVault:Members nor UnsealVault:Service is set: UnsealVaultOnRequest, UnsealVaultOnSchedule."));
        (await Storage.Schedules.GetAsync(Timer, Token)).ShouldBeNull();
    }

    [Fact]
    public async Task Configured_WithoutAStore_UnsealsAndTheRestOfTheAppIsOff()
    {
        _members[0].Sealed = true;
        await StartAsync(Configured());

        (await AskAsync()).State.ShouldBe(RunState.Succeeded);

        _logs.Lines.ShouldContain(line => line.Contains("Off, because neither Vault:Address nor SecretBump:KeyVault:Vault is set: ") && line.Contains("ChangeOnRequest"));
        (await Storage.Schedules.GetAsync("RefreshOnSchedule", Token)).ShouldBeNull();
    }

    [Fact]
    public async Task ConfiguredWrong_Start_IsRefusedWithEveryProblem()
    {
        var refused = await Should.ThrowAsync<HostStartException>(() => StartAsync(
        [
            "--UnsealVault:Members=http://vault-0:8200 vault-1", "--UnsealVault:Service=https://vault-internal:8200", "--UnsealVault:SharesDirectory=/nowhere",
            "--UnsealVault:CaFile=/nowhere/ca.crt", "--UnsealVault:Schedule=every now and then",
        ]));

        refused.Problems.Count.ShouldBe(6);
        string.Join('\n', refused.Problems).ShouldSatisfyAllConditions(
            all => all.ShouldContain("UnsealVault:Members holds what is no URL"),
            all => all.ShouldContain("UnsealVault:Members and UnsealVault:Service are set"),
            all => all.ShouldContain("would send key shares to http://vault-0:8200/ unencrypted"),
            all => all.ShouldContain("UnsealVault:SharesDirectory '/nowhere' does not exist"),
            all => all.ShouldContain("'/nowhere/ca.crt' does not exist"),
            all => all.ShouldContain("%UnsealVault:Schedule%"));
    }

    [Theory]
    [InlineData("--UnsealVault:Members= , ", "UnsealVault:Members holds no address")]
    [InlineData("--UnsealVault:SharesDirectory=/tmp", "UnsealVault:SharesDirectory is set, but neither UnsealVault:Members nor UnsealVault:Service is")]
    public async Task ConfiguredByHalf_Start_IsRefused(string setting, string problem) =>
        (await Should.ThrowAsync<HostStartException>(() => StartAsync([setting]))).Problems.ShouldHaveSingleItem().ShouldContain(problem);
}
