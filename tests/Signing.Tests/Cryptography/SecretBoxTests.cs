using System.Security.Cryptography;
using Ebb.Signing.Cryptography;

namespace Ebb.Signing.Tests.Cryptography;

public sealed class SecretBoxTests
{
    // NaCl, tests/secretbox.c and its output (Bernstein, "Cryptography in NaCl", 10).
    private static readonly byte[] Key = Convert.FromHexString("1b27556473e985d462cd51197a9a46c76009549eac6474f206c4ee0844f68389");
    private static readonly byte[] Nonce = Convert.FromHexString("69696ee955b62b73cd62bda875fc73d68219e0036b7a0b37");

    private static readonly byte[] Message = Convert.FromHexString(
        "be075fc53c81f2d5cf141316ebeb0c7b5228c52a4c62cbd44b66849b64244ffce5ecbaaf33bd751a1ac728d45e6c61296cdc3c01233561f41db66cce314adb31"
        + "0e3be8250c46f06dceea3a7fa1348057e2f6556ad6b1318a024a838f21af1fde048977eb48f59ffd4924ca1c60902e52f0a089bc76897040e082f937763848645e0705");

    private const string Box = "f3ffc7703f9400e52a7dfb4b3d3305d98e993b9f48681273c29650ba32fc76ce48332ea7164d96a4476fb8c531a1186ac0dfc17c98dce87b4da7f011ec48c972"
        + "71d2c20f9b928fe2270d6fb863d51738b48eeee314a7cc8ab932164548e526ae90224368517acfeabd6bb3732bc0e9da99832b61ca01b6de56244a9e88d5f9b37973f622a43d14a6599b1f654cb45a74e355a5";

    [Fact]
    public void Seal_VectorOfNaCl_IsMet() => Convert.ToHexStringLower(SecretBox.Seal(Key, Nonce, Message)).ShouldBe(Box);

    [Fact]
    public void TryOpen_VectorOfNaCl_IsMet()
    {
        var message = new byte[Message.Length];

        SecretBox.TryOpen(Key, Nonce, Convert.FromHexString(Box), message).ShouldBeTrue();

        message.ShouldBe(Message);
    }

    [Fact]
    public void TryOpen_AnyByteChanged_RefusesAndWritesNothing()
    {
        var box = Convert.FromHexString(Box);
        for (var i = 0; i < box.Length; i++)
        {
            var message = new byte[Message.Length];
            box[i] ^= 1;

            SecretBox.TryOpen(Key, Nonce, box, message).ShouldBeFalse();

            message.ShouldAllBe(value => value == 0);
            box[i] ^= 1;
        }
    }

    [Fact]
    public void Seal_EveryLength_IsOpenedAgain()
    {
        for (var length = 0; length <= 200; length++)
        {
            var message = RandomNumberGenerator.GetBytes(length);
            var opened = new byte[length];

            SecretBox.TryOpen(Key, Nonce, SecretBox.Seal(Key, Nonce, message), opened).ShouldBeTrue();

            opened.ShouldBe(message);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(15)]
    public void TryOpen_ShorterThanATag_Refuses(int length) => SecretBox.TryOpen(Key, Nonce, new byte[length], []).ShouldBeFalse();
}
