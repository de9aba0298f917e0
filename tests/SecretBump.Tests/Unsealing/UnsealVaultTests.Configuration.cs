using Ebb.Storage;
using Ebb.Worker;

namespace Ebb.SecretBump.Tests.Unsealing;

public sealed partial class UnsealVaultTests
{
    [Fact]
    public async Task NotConfigured_Clock_RestsEvenWithASchedule()
    {
        await StartAsync(["--UnsealVault:Schedule=* * * * * *"]);
        // The timer beside it is dealt with at the same time.
        await UntilAsync(async () => await Storage.Schedules.GetAsync("RefreshOnSchedule", Token) is not null);
        await Task.Delay(TimeSpan.FromSeconds(2), Token);

        (await Storage.Schedules.GetAsync(Timer, Token)).ShouldBeNull();
        (await Storage.Runs.ListAsync(new RunQuery { Function = Timer }, Token)).ShouldBeEmpty();
    }

    [Fact]
    public async Task NotConfigured_Message_FailsAtOnceAndNamesTheSettings()
    {
        await StartAsync([]);

        var run = await AskAsync();

        (run.State, run.Attempts.Count).ShouldBe((RunState.Failed, 1));
        run.Error!.Message.ShouldContain("neither UnsealVault:Members nor UnsealVault:Service is set");
    }

    [Fact]
    public async Task NotConfigured_RunByHand_FailsAndNamesTheSettings()
    {
        using var output = new StringWriter();
        using var error = new StringWriter();

        var code = await FunctionHost.RunAsync(
            ["run", Timer, $"--Storage=sqlite:{Store}/ebb.db"], [new SecretBumpApp()],
            new HostEnvironment { WorkingDirectory = _folder.FullName, Output = output, Error = error, LoggerProvider = _logs });

        code.ShouldNotBe(0);
        output.ToString().ShouldContain("neither UnsealVault:Members nor UnsealVault:Service is set");
    }

    [Fact]
    public async Task NotConfigured_List_ShowsThatItIsOff()
    {
        using var output = new StringWriter();

        await FunctionHost.RunAsync(
            ["functions", $"--Storage=sqlite:{Store}/ebb.db"], [new SecretBumpApp()],
            new HostEnvironment { WorkingDirectory = _folder.FullName, Output = output, LoggerProvider = _logs });

        output.ToString().Split('\n').ShouldContain(line => line.StartsWith(Timer, StringComparison.Ordinal) && line.Contains("off: not configured"));
        output.ToString().Split('\n').ShouldContain(line => line.StartsWith("RefreshOnSchedule", StringComparison.Ordinal) && !line.Contains("off:"));
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
