namespace Ebb.OpenSsl.Tests;

public sealed class X25519PrivateKeyTests
{
    [Fact]
    public void Agree_KeysOfRfc7748_GivesItsSecret()
    {
        // Section 6.1.
        const string secret = "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742";
        using var alice = X25519PrivateKey.Import(Convert.FromHexString("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a"));
        using var bob = X25519PrivateKey.Import(Convert.FromHexString("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb"));
        Convert.ToHexStringLower(alice.PublicKey.Span).ShouldBe("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a");
        Secret(alice, bob.PublicKey.Span).ShouldBe(secret);
        Secret(bob, alice.PublicKey.Span).ShouldBe(secret);
    }

    [Fact]
    public void Generate_Twice_GivesTwoKeysThatAgree()
    {
        using var one = X25519PrivateKey.Generate();
        using var other = X25519PrivateKey.Generate();
        one.PublicKey.ToArray().ShouldNotBe(other.PublicKey.ToArray());
        Secret(one, other.PublicKey.Span).ShouldBe(Secret(other, one.PublicKey.Span));
    }

    [Fact]
    public void Export_OfAnImportedKey_GivesItBack()
    {
        var bytes = Enumerable.Range(1, 32).Select(value => (byte)value).ToArray();
        using var key = X25519PrivateKey.Import(bytes);
        var copy = new byte[32];
        key.Export(copy);
        copy.ShouldBe(bytes);
    }

    [Theory]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("0100000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800")]
    [InlineData("5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157")]
    public void Agree_PublicKeyOfLowOrder_IsRefusedAndLeavesNoSecret(string publicKey)
    {
        using var key = X25519PrivateKey.Generate();
        var secret = Enumerable.Repeat((byte)7, 32).ToArray();
        Should.Throw<KeyAgreementException>(() => key.Agree(Convert.FromHexString(publicKey), secret)).Message.ShouldContain("low order");
        secret.ShouldBe(new byte[32]);
    }

    [Fact]
    public void AnyLength_ButThirtyTwo_IsRefused()
    {
        using var key = X25519PrivateKey.Generate();
        Should.Throw<ArgumentException>(() => X25519PrivateKey.Import(new byte[31])).Message.ShouldContain("32 bytes, not 31");
        Should.Throw<ArgumentException>(() => key.Agree(new byte[33], new byte[32]));
        Should.Throw<ArgumentException>(() => key.Agree(new byte[32], new byte[16]));
        Should.Throw<ArgumentException>(() => key.Export(new byte[64]));
    }

    [Fact]
    public void Agree_Disposed_IsRefused()
    {
        var key = X25519PrivateKey.Generate();
        key.Dispose();
        Should.Throw<ObjectDisposedException>(() => key.Agree(new byte[32], new byte[32]));
    }

    private static string Secret(X25519PrivateKey own, ReadOnlySpan<byte> other)
    {
        var secret = new byte[32];
        own.Agree(other, secret);
        return Convert.ToHexStringLower(secret);
    }
}
