using System.Text;
using Ebb.EtcdBackup.Bolt.Keyspace;
using FsCheck;
using FsCheck.Fluent;

namespace Ebb.EtcdBackup.Tests.Bolt;

public sealed class KeyspaceTests
{
    [Theory]
    [InlineData("/registry/pods/default/web-0", "/registry/pods")]
    [InlineData("/registry/health", "/registry")]
    [InlineData("/registry/", "/registry")]
    [InlineData("compact_rev_key", "(none)")]
    [InlineData("/compact_rev_key", "(none)")]
    [InlineData("/", "(none)")]
    [InlineData("a/b/c", "a/b")]
    [InlineData("a//c", "a")]
    [InlineData("/a\nb/c/d", "/a\uFFFDb/c")]
    public void PrefixCounts_Key_CountsForTwoSegments(string key, string prefix)
    {
        var counts = new PrefixCounts();
        counts.Add(Encoding.UTF8.GetBytes(key), 1);
        counts.Counts.ShouldBe(new Dictionary<string, long> { [prefix] = 1 });
    }

    [Fact]
    public void PrefixCounts_MoreThanFit_AreCountedTogether()
    {
        var counts = new PrefixCounts();
        for (var i = 0; i < 1000; i++)
        {
            counts.Add(Encoding.UTF8.GetBytes($"/a/{i}/c"), 1);
        }

        counts.Counts.Count.ShouldBeLessThanOrEqualTo(257);
        counts.Counts[PrefixCounts.Others].ShouldBe(1000 - 256);
        counts.Add("/a/999/c"u8, -1);
        counts.Counts.Values.Sum().ShouldBe(999);
    }

    [Fact]
    public void PrefixCounts_BytesThatAreNoText_DoNotFail()
    {
        var counts = new PrefixCounts();
        counts.Add(new byte[PrefixCounts.MaxBytes], 1);
        counts.Add([0xFF, (byte)'/', 0xFE, (byte)'/', 0xFD], 1);
        counts.Counts.Values.Sum().ShouldBe(2);
    }

    // RFC 3720, appendix B.4.
    [Theory]
    [InlineData(0x00, 0x8A9136AAu)]
    [InlineData(0xFF, 0x62A8AB43u)]
    public void Crc32C_VectorsOfTheRfc_Match(byte value, uint expected)
    {
        var crc = default(Crc32C);
        var bytes = Enumerable.Repeat(value, 32).ToArray();
        crc.Append(bytes.AsSpan(0, 5));
        crc.Append([]);
        crc.Append(bytes.AsSpan(5));
        crc.Value.ShouldBe(expected);
    }

    [Fact]
    public void FingerprintSet_AddsAndRemoves_IsLikeASet() =>
        Prop.ForAll(
            Arb.From(Gen.ListOf(Gen.Choose(0, 300).SelectMany(_ => Gen.Elements(true, true, false), (number, isAdd) => (Number: number, IsAdd: isAdd)))),
            steps =>
            {
                // Few homes, so that they run into each other.
                var (set, model) = (new FingerprintSet(1000), new HashSet<ulong>());
                return steps.All(step => step.IsAdd
                        ? set.Add(Spread(step.Number)) == model.Add(Spread(step.Number))
                        : set.Remove(Spread(step.Number)) == model.Remove(Spread(step.Number)))
                    && set.Count == model.Count && Enumerable.Range(0, 301).All(i => set.Remove(Spread(i)) == model.Contains(Spread(i)));
            }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void FingerprintSet_Grows_KeepsAll()
    {
        var set = new FingerprintSet(100_000);
        for (var i = 1UL; i <= 100_000; i++)
        {
            set.Add(i * 0x9E3779B97F4A7C15).ShouldBeTrue();
        }

        set.Count.ShouldBe(100_000);
        set.Add(1).ShouldBeFalse();
        set.IsOverfull.ShouldBeTrue();
    }

    // 0 stands for a free slot inside, and is an ordinary member outside.
    private static ulong Spread(int number) => (ulong)number / 7 + ((ulong)number << 40);
}
