using System.Security.Cryptography;

namespace Ebb.Age.Tests;

public sealed class AgeBoxTests
{
    private static readonly AgeIdentity Identity = AgeIdentity.Generate();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    [InlineData(65_537)]
    [InlineData(200_000)]
    public async Task Open_WhatWasSealed_GivesItBackAndIsAnAgeFile(int length)
    {
        var secret = RandomNumberGenerator.GetBytes(length);
        var box = AgeBox.Seal(Identity.Recipient, secret);
        AgeBox.Open(Identity, box).ShouldBe(secret);
        (await Ages.DecryptAsync(Convert.FromBase64String(box), Identity)).ShouldBe(secret);
        AgeBox.Open(Identity, Convert.ToBase64String(await Ages.EncryptAsync(secret, Identity.Recipient))).ShouldBe(secret);
    }

    [Fact]
    public void Seal_Twice_GivesTwoBoxes() =>
        AgeBox.Seal(Identity.Recipient, [1]).ShouldNotBe(AgeBox.Seal(Identity.Recipient, [1]));

    [Fact]
    public void Open_ByAnother_IsRefused()
    {
        using var other = AgeIdentity.Generate();
        Should.Throw<AgeException>(() => AgeBox.Open(other, AgeBox.Seal(Identity.Recipient, [1]))).Failure.ShouldBe(AgeFailure.NoMatch);
    }

    [Theory]
    [InlineData("")]
    [InlineData("not base64!")]
    [InlineData("aGVsbG8=")]
    public void Open_NoBox_IsRefused(string box) =>
        Should.Throw<AgeException>(() => AgeBox.Open(Identity, box)).Failure.ShouldBe(AgeFailure.Header);

    [Fact]
    public void Seal_LongerThanABox_IsRefused() =>
        Should.Throw<ArgumentException>(() => AgeBox.Seal(Identity.Recipient, new byte[AgeBox.MostBytes + 1]));
}
