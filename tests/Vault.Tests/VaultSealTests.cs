namespace Ebb.Vault.Tests;

public sealed class VaultSealTests : VaultTestBase
{
    [Fact]
    public async Task Unseal_ThreeOfFiveShares_OpensTheServerAndTellsProgress()
    {
        Server.Sealed = true;
        using var seal = new VaultSeal(Options, Time);
        (await seal.ReadAsync(default)).ShouldBe(new VaultSealStatus(true, Sealed: true, Threshold: 3, Shares: 5, Progress: 0, "shamir", "1.20.0"));

        (await seal.UnsealAsync(Server.Seal.Shares[4], default)).Progress.ShouldBe(1);
        (await seal.UnsealAsync(Server.Seal.Shares[4], default)).Progress.ShouldBe(1);
        (await seal.UnsealAsync(Convert.ToBase64String(Convert.FromHexString(Server.Seal.Shares[0])), default)).Progress.ShouldBe(2);
        var done = await seal.UnsealAsync(Server.Seal.Shares[2], default);

        (done.Sealed, done.Progress).ShouldBe((false, 0));
        Server.Sealed.ShouldBeFalse();
    }

    [Fact]
    public async Task Unseal_OneWrongShare_ShowsWithTheLastAndBeginsAnew()
    {
        Server.Sealed = true;
        using var seal = new VaultSeal(Options, Time);
        var wrong = new string('a', 66);

        await seal.UnsealAsync(wrong, default);
        await seal.UnsealAsync(Server.Seal.Shares[0], default);
        var exception = await Should.ThrowAsync<VaultException>(() => seal.UnsealAsync(Server.Seal.Shares[1], default));

        exception.Fault.ShouldBe(VaultFault.InvalidRequest);
        exception.Message.ShouldContain("unseal failed, invalid key");
        exception.ToString().ShouldNotContain(Server.Seal.Shares[1]);
        (await seal.ReadAsync(default)).Progress.ShouldBe(0);
    }

    [Theory]
    [InlineData("no share", "must be a valid hex or base64 string")]
    [InlineData("abcd", "shorter than minimum")]
    public async Task Unseal_WhatIsNoShare_IsRefusedWithoutRepeatingIt(string share, string said)
    {
        Server.Sealed = true;
        using var seal = new VaultSeal(Options, Time);

        var exception = await Should.ThrowAsync<VaultException>(() => seal.UnsealAsync(share, default));

        exception.Message.ShouldContain(said);
        exception.Message.ShouldNotContain(share);
    }

    [Fact]
    public async Task Unseal_AnswerLost_IsNotRepeated()
    {
        Server.Sealed = true;
        using var seal = new VaultSeal(Options, Time);
        Server.FailNext(502, times: 3, retryAfter: "0");

        await Should.ThrowAsync<VaultException>(() => seal.UnsealAsync(Server.Seal.Shares[0], default));

        Server.Count("POST /v1/sys/unseal").ShouldBe(1);
    }

    [Fact]
    public async Task Reset_ForgetsTheSharesThatWereGiven()
    {
        Server.Sealed = true;
        using var seal = new VaultSeal(Options, Time);
        await seal.UnsealAsync(Server.Seal.Shares[0], default);

        (await seal.ResetAsync(default)).Progress.ShouldBe(0);

        Server.Sealed = false;
        (await Should.ThrowAsync<VaultException>(() => seal.ResetAsync(default))).Message.ShouldContain("vault is unsealed");
    }

    [Fact]
    public async Task Read_ServerThatIsNotInitialized_IsAnAnswer()
    {
        Server.Seal.Initialized = false;
        using var seal = new VaultSeal(Options, Time);

        (await seal.ReadAsync(default)).Initialized.ShouldBeFalse();
    }

    [Fact]
    public async Task Read_AnswerThatIsNotVaults_IsNamed()
    {
        await using var server = new RawServer("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}");
        using var seal = new VaultSeal(Options with { Address = server.Address }, Time);

        (await Should.ThrowAsync<VaultException>(() => seal.ReadAsync(default))).Fault.ShouldBe(VaultFault.Protocol);
    }

    [Fact]
    public void Options_WithoutALogin_SufficeAndTheRestIsChecked() =>
        Should.Throw<ArgumentException>(() => new VaultSeal(new VaultOptions { Address = "http://vault.example.com" }, Time)).Message.ShouldContain("Vault:PlainHttp");
}
