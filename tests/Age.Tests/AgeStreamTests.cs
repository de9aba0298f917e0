using System.Security.Cryptography;
using System.Text;

namespace Ebb.Age.Tests;

public sealed class AgeStreamTests
{
    private const int Chunk = 64 * 1024;

    private static readonly AgeIdentity Identity = AgeIdentity.Generate();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(Chunk - 1)]
    [InlineData(Chunk)]
    [InlineData(Chunk + 1)]
    [InlineData(2 * Chunk)]
    [InlineData((3 * Chunk) - 1)]
    [InlineData((5 * Chunk) + 17)]
    public async Task Decrypt_WhatWasEncrypted_GivesItBack(int length)
    {
        var content = RandomNumberGenerator.GetBytes(length);
        var file = await Ages.EncryptAsync(content, Identity.Recipient);
        (await Ages.DecryptAsync(file, Identity)).ShouldBe(content);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    [InlineData(Chunk)]
    [InlineData(Chunk + 1)]
    public async Task Write_InPieces_MakesTheSameChunks(int piece)
    {
        var content = RandomNumberGenerator.GetBytes((2 * Chunk) + 5);
        using var output = new MemoryStream();
        await using (var stream = await AgeEncryptStream.CreateAsync(output, [Identity.Recipient], leaveOpen: true, default))
        {
            for (var at = 0; at < content.Length; at += piece)
            {
                await stream.WriteAsync(content.AsMemory(at, Math.Min(piece, content.Length - at)));
            }

            await stream.CompleteAsync(default);
        }

        output.Length.ShouldBe((await Ages.EncryptAsync(content, Identity.Recipient)).Length);
        (await Ages.DecryptAsync(output.ToArray(), Identity)).ShouldBe(content);
    }

    [Fact]
    public async Task Decrypt_EachOfSeveralRecipients_Can()
    {
        var others = Enumerable.Range(0, 20).Select(_ => AgeIdentity.Generate()).ToArray();
        var file = await Ages.EncryptAsync("for all"u8.ToArray(), [.. others.Select(other => other.Recipient)]);
        foreach (var other in others)
        {
            Encoding.UTF8.GetString(await Ages.DecryptAsync(file, Identity, other)).ShouldBe("for all");
        }

        var failure = await Should.ThrowAsync<AgeException>(() => Ages.DecryptAsync(file, Identity));
        failure.Failure.ShouldBe(AgeFailure.NoMatch);
        failure.Message.ShouldContain(Identity.Recipient.ToString());
    }

    [Fact]
    public async Task Create_MoreRecipientsThanAFileTakes_OrNone_IsRefused()
    {
        var many = Enumerable.Repeat(Identity.Recipient, 1001).ToArray();
        await Should.ThrowAsync<ArgumentException>(() => AgeEncryptStream.CreateAsync(Stream.Null, many, true, default));
        await Should.ThrowAsync<ArgumentException>(() => AgeEncryptStream.CreateAsync(Stream.Null, [], true, default));
        var file = await Ages.EncryptAsync([1, 2, 3], many[1..]);
        (await Ages.DecryptAsync(file, Identity)).ShouldBe([1, 2, 3]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(Chunk)]
    [InlineData((2 * Chunk) + 1)]
    public async Task Dispose_WithoutComplete_LeavesAFileThatIsRefused(int length)
    {
        using var output = new MemoryStream();
        await using (var stream = await AgeEncryptStream.CreateAsync(output, [Identity.Recipient], leaveOpen: true, default))
        {
            await stream.WriteAsync(new byte[length]);
            await stream.FlushAsync();
        }

        (await Should.ThrowAsync<AgeException>(() => Ages.DecryptAsync(output.ToArray(), Identity))).Failure.ShouldBe(AgeFailure.Payload);
    }

    [Fact]
    public async Task Write_AfterTheOutputFailed_IsRefusedForGood()
    {
        var output = new FailingOutput(failAt: 2);
        await using var stream = await AgeEncryptStream.CreateAsync(output, [Identity.Recipient], leaveOpen: true, default);
        await Should.ThrowAsync<IOException>(() => stream.WriteAsync(new byte[Chunk + 1]).AsTask());
        await Should.ThrowAsync<InvalidOperationException>(() => stream.WriteAsync(new byte[1]).AsTask());
        await Should.ThrowAsync<InvalidOperationException>(() => stream.CompleteAsync(default));
    }

    [Fact]
    public async Task Complete_Twice_IsRefused()
    {
        await using var stream = await AgeEncryptStream.CreateAsync(new MemoryStream(), [Identity.Recipient], leaveOpen: true, default);
        await stream.CompleteAsync(default);
        await Should.ThrowAsync<InvalidOperationException>(() => stream.CompleteAsync(default));
        await Should.ThrowAsync<InvalidOperationException>(() => stream.WriteAsync(new byte[1]).AsTask());
    }

    [Fact]
    public async Task Read_AfterAFailure_FailsAgain()
    {
        var file = await Ages.EncryptAsync(new byte[2 * Chunk], Identity.Recipient);
        file[^1] ^= 1;
        await using var stream = await AgeDecryptStream.OpenAsync(new MemoryStream(file), [Identity], leaveOpen: false, default);
        var content = new byte[2 * Chunk];
        (await stream.ReadAtLeastAsync(content, Chunk)).ShouldBe(Chunk);
        for (var i = 0; i < 3; i++)
        {
            (await Should.ThrowAsync<AgeException>(() => stream.ReadAsync(content).AsTask())).Failure.ShouldBe(AgeFailure.Payload);
        }
    }

    [Fact]
    public async Task Open_HeaderWithoutEnd_IsRefusedWithinItsLimit()
    {
        var endless = new EndlessInput("-> other\n\n"u8.ToArray());
        var failure = await Should.ThrowAsync<AgeException>(() => AgeDecryptStream.OpenAsync(endless, [Identity], false, default));
        failure.Failure.ShouldBe(AgeFailure.Header);
        failure.Message.ShouldContain("262144");
        endless.Given.ShouldBeLessThan(600_000);
    }

    [Fact]
    public async Task Open_LineWithoutEnd_IsRefusedWithinItsLimit()
    {
        var endless = new EndlessInput("aaaaaaaaaa"u8.ToArray());
        (await Should.ThrowAsync<AgeException>(() => AgeDecryptStream.OpenAsync(endless, [Identity], false, default))).Failure.ShouldBe(AgeFailure.Header);
        endless.Given.ShouldBeLessThan(600_000);
    }

    [Fact]
    public async Task Open_ArmoredFile_SaysSo()
    {
        var armored = "-----BEGIN AGE ENCRYPTED FILE-----\nYWdl\n"u8.ToArray();
        (await Should.ThrowAsync<AgeException>(() => Ages.DecryptAsync(armored, Identity))).Message.ShouldContain("armored");
    }

    [Fact]
    public async Task Streams_BlockingOrBackwards_AreRefused()
    {
        await using var writer = await AgeEncryptStream.CreateAsync(new MemoryStream(), [Identity.Recipient], leaveOpen: true, default);
        Should.Throw<NotSupportedException>(() => writer.Write(new byte[1], 0, 1));
        await Should.ThrowAsync<NotSupportedException>(() => writer.ReadAsync(new byte[1]).AsTask());
        (writer.CanRead, writer.CanWrite, writer.CanSeek).ShouldBe((false, true, false));
    }
}
