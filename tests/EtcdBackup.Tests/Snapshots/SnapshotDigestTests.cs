using System.Security.Cryptography;
using Ebb.EtcdBackup.Snapshots;
using Ebb.TestServers.Etcd;

namespace Ebb.EtcdBackup.Tests.Snapshots;

public sealed class SnapshotDigestTests
{
    private readonly byte[] _content = SnapshotScript.Of(3).Content;

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(33)]
    [InlineData(4096)]
    [InlineData(1 << 20)]
    public void Finish_PiecesOfAnyLength_AcceptsAndGivesTheDigestOfEverything(int piece) =>
        Digest(_content, () => piece).ShouldBe(Convert.ToHexStringLower(SHA256.HashData(_content)));

    [Fact]
    public void Finish_PiecesOfChangingLength_Accepts()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            Digest(_content, () => random.Next(0, 70)).ShouldBe(Convert.ToHexStringLower(SHA256.HashData(_content)), $"seed {seed}");
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(4096)]
    [InlineData(12288)]
    [InlineData(12319)]
    public void Finish_CutOff_SaysTruncated(int length) => Failure(_content[..length]).ShouldBe(SnapshotFailure.Truncated);

    [Theory]
    [InlineData(512 + 32)]
    [InlineData(8192 + 32)]
    public void Finish_CutWhereALengthLooksRight_SaysWrongTrailer(int length) => Failure(_content[..length]).ShouldBe(SnapshotFailure.WrongTrailer);

    [Theory]
    [InlineData(0)]
    [InlineData(5000)]
    [InlineData(12288)]
    [InlineData(12319)]
    public void Finish_OneBitChanged_SaysWrongTrailer(int at)
    {
        _content[at] ^= 1;

        Failure(_content).ShouldBe(SnapshotFailure.WrongTrailer);
    }

    private static SnapshotFailure Failure(byte[] content) => Should.Throw<SnapshotException>(() => Digest(content, () => 4000)).Failure;

    private static string Digest(ReadOnlySpan<byte> content, Func<int> piece)
    {
        using var digest = new SnapshotDigest();
        while (!content.IsEmpty)
        {
            var count = Math.Min(piece(), content.Length);
            digest.Append(content[..count]);
            content = content[count..];
        }

        return digest.Finish();
    }
}
