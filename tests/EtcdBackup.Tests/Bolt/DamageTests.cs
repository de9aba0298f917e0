using System.Buffers.Binary;
using System.Collections.Concurrent;
using Ebb.EtcdBackup.Bolt;
using Ebb.EtcdBackup.Bolt.Keyspace;

namespace Ebb.EtcdBackup.Tests.Bolt;

/// <summary>Real databases with damage at chance and at every place: never a crash, never more work than the file is long.</summary>
public sealed class DamageTests(TestDatabases databases)
{
    private const int PageSize = 4096;
    private const int MostAllocated = 4 * 1024 * 1024;

    [Fact]
    public async Task Read_EachByteChanged_EndsOneWayOrTheOther()
    {
        var content = CountedContent.Of((await databases.GetAsync("empty")).Path);
        var refused = 0;
        for (var i = 0; i < content.Length; i++)
        {
            var bytes = content.Bytes.ToArray();
            bytes[i] ^= (byte)(1 << (i % 8));
            refused += IsAccepted(bytes) ? 0 : 1;
        }

        // Most of the file is unused space, and one damaged meta page is what the other one is for.
        refused.ShouldBeGreaterThan(300);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Read_DamagedAtChance_EndsOneWayOrTheOther(int seed)
    {
        var content = CountedContent.Of((await databases.Small).Path);
        var random = new Random(seed);
        for (var i = 0; i < 1500; i++)
        {
            IsAccepted(Damage(content.Bytes, random));
        }
    }

    [Fact]
    public async Task Read_StructureChanged_IsRefusedWhereverEtcdutlRefusesIt()
    {
        var content = CountedContent.Of((await databases.Small).Path);
        var random = new Random(7);
        var places = Structure(content.Bytes).ToArray();
        random.Shuffle(places);
        var accepted = new ConcurrentBag<string>();
        var noticed = 0;
        await Parallel.ForEachAsync(places.Take(150), new ParallelOptions { MaxDegreeOfParallelism = 2 }, async (place, _) =>
        {
            var bytes = content.Bytes.ToArray();
            bytes[place] ^= (byte)(1 << (place % 8));
            if (IsAccepted(bytes))
            {
                accepted.Add($"byte {place} ({await ByEtcdutlAsync(bytes)})");
            }
            else
            {
                Interlocked.Increment(ref noticed);
            }
        });

        accepted.Where(place => !place.EndsWith("(accepted)", StringComparison.Ordinal)).ShouldBeEmpty();
        noticed.ShouldBeGreaterThan(100);
    }

    private static bool IsAccepted(byte[] bytes)
    {
        var content = new CountedContent(bytes);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var accepted = true;
        try
        {
            DatabaseReader.Read(content, DatabaseReader.MaxCountedKeys, default);
        }
        catch (BoltException)
        {
            accepted = false;
        }

        content.BytesRead.ShouldBeLessThan(100_000 + (4 * content.Length));
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(MostAllocated);
        return accepted;
    }

    private static async Task<string> ByEtcdutlAsync(byte[] bytes)
    {
        var path = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(path, bytes);
            return (await EtcdPrograms.TryAsync(EtcdPrograms.Etcdutl, "snapshot", "status", path)).Code == 0 ? "accepted" : "refused";
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static byte[] Damage(byte[] content, Random random)
    {
        var bytes = content.ToArray();
        switch (random.Next(5))
        {
            case 0:
                return bytes[..random.Next(bytes.Length)];
            case 1:
                var (from, to) = (random.Next(bytes.Length / PageSize), random.Next(bytes.Length / PageSize));
                bytes.AsSpan(from * PageSize, PageSize).CopyTo(bytes.AsSpan(to * PageSize));
                return bytes;
            case 2:
                bytes.AsSpan(random.Next(bytes.Length / PageSize) * PageSize, random.Next(PageSize)).Clear();
                return bytes;
            default:
                var structure = Structure(content).ToArray();
                for (var count = random.Next(1, 6); count > 0; count--)
                {
                    bytes[structure[random.Next(structure.Length)]] = (byte)random.Next(256);
                }

                return bytes;
        }
    }

    // The headers and elements of all pages that say they are branches or leaves.
    private static IEnumerable<int> Structure(byte[] bytes)
    {
        for (var page = 2 * PageSize; page < bytes.Length; page += PageSize)
        {
            var (kind, count) = (BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(page + 8)), BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(page + 10)));
            if (BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(page)) == page / PageSize && kind is 1 or 2)
            {
                for (var i = 0; i < Math.Min(PageSize, 16 * (count + 1)); i++)
                {
                    yield return page + i;
                }
            }
        }
    }
}
