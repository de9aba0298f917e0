using System.Security.Cryptography;
using FsCheck;
using FsCheck.Fluent;

namespace Ebb.Age.Tests;

public sealed class AgeProperties
{
    private const int Chunk = 64 * 1024;

    private static readonly AgeIdentity Identity = AgeIdentity.Generate();

    [Fact]
    public void Decrypt_AnyLengthAndPieces_GivesTheContentBack() => Check(
        from length in Lengths
        from piece in Gen.Choose(1, 100_000)
        select (length, piece),
        given => RoundTripAsync(given.length, given.piece),
        60);

    [Fact]
    public void Decrypt_AnyBitFlipped_IsRefused() => Check(
        from length in Lengths
        from at in Gen.Choose(0, int.MaxValue - 1)
        from bit in Gen.Choose(0, 7)
        select (length, at, bit),
        async given => await IsRefusedAsync(given.length, file =>
        {
            file[given.at % file.Length] ^= (byte)(1 << given.bit);
            return file;
        }),
        150);

    [Fact]
    public void Decrypt_AnyBitOfTheHeaderFlipped_IsRefused() => Check(
        from at in Gen.Choose(0, 190)
        from bit in Gen.Choose(0, 7)
        select (at, bit),
        async given => await IsRefusedAsync(3, file =>
        {
            file[given.at] ^= (byte)(1 << given.bit);
            return file;
        }),
        200);

    [Fact]
    public void Decrypt_CutAnywhere_IsRefused() => Check(
        from length in Lengths
        from at in Gen.OneOf(Gen.Choose(0, int.MaxValue - 1), Gen.Choose(0, 200))
        select (length, at),
        async given => await IsRefusedAsync(given.length, file => file[..(given.at % file.Length)]),
        150);

    [Fact]
    public void Decrypt_AnythingAppended_IsRefused() => Check(
        from length in Lengths
        from more in Gen.OneOf(Gen.Choose(1, 100), Gen.Choose(1, 2 * Chunk))
        select (length, more),
        async given => await IsRefusedAsync(given.length, file => [.. file, .. RandomNumberGenerator.GetBytes(given.more)]),
        60);

    [Fact]
    public void Open_AnyBoxChanged_IsRefused() => Check(
        from length in Gen.Choose(0, 2 * Chunk)
        from at in Gen.Choose(0, int.MaxValue - 1)
        from bit in Gen.Choose(0, 7)
        from cut in Gen.Choose(0, 3)
        select (length, at, bit, cut),
        given =>
        {
            var file = Convert.FromBase64String(AgeBox.Seal(Identity.Recipient, new byte[given.length]));
            file[given.at % file.Length] ^= (byte)(1 << given.bit);
            var box = Convert.ToBase64String(given.cut == 0 ? file[..(given.at % file.Length)] : file);
            return Task.FromResult(Refuses(() => AgeBox.Open(Identity, box)));
        },
        150);

    // The boundaries of chunks and anything between.
    private static Gen<int> Lengths => Gen.OneOf(
        from chunks in Gen.Choose(0, 3)
        from off in Gen.Choose(-2, 2)
        select Math.Max(0, (chunks * Chunk) + off),
        Gen.Choose(0, 3 * Chunk));

    private static async Task<bool> RoundTripAsync(int length, int piece)
    {
        var content = RandomNumberGenerator.GetBytes(length);
        using var output = new MemoryStream();
        await using (var stream = await AgeEncryptStream.CreateAsync(output, [Identity.Recipient], leaveOpen: true, default))
        {
            for (var at = 0; at < length; at += piece)
            {
                await stream.WriteAsync(content.AsMemory(at, Math.Min(piece, length - at)));
            }

            await stream.CompleteAsync(default);
        }

        return (await Ages.DecryptAsync(output.ToArray(), Identity)).AsSpan().SequenceEqual(content);
    }

    // Refused, and what was given out before is the beginning of the content.
    private static async Task<bool> IsRefusedAsync(int length, Func<byte[], byte[]> change)
    {
        var content = RandomNumberGenerator.GetBytes(length);
        var file = change(await Ages.EncryptAsync(content, Identity.Recipient));
        using var released = new MemoryStream();
        try
        {
            await using var stream = await AgeDecryptStream.OpenAsync(new MemoryStream(file), [Identity], leaveOpen: false, default);
            await stream.CopyToAsync(released);
            return false;
        }
        catch (AgeException)
        {
            return content.AsSpan().StartsWith(released.ToArray());
        }
    }

    private static bool Refuses(Action open)
    {
        try
        {
            open();
            return false;
        }
        catch (AgeException)
        {
            return true;
        }
    }

    private static void Check<T>(Gen<T> cases, Func<T, Task<bool>> holds, int runs) =>
        Prop.ForAll(Arb.From(cases), given => holds(given).GetAwaiter().GetResult()).Check(Config.QuickThrowOnFailure.WithMaxTest(runs));
}
