using Ebb.ObjectStore.S3;

namespace Ebb.ObjectStore.Tests;

public sealed class PartSizesTests
{
    [Fact]
    public void Sizes_Of10000Parts_Cover5TiB() =>
        Enumerable.Range(1, PartSizes.MaxParts).Sum(number => (long)PartSizes.Of(number)).ShouldBeGreaterThanOrEqualTo(5L << 40);

    [Fact]
    public void Sizes_AreEqualWhereDatabasesAre_NeverShrinkAndStayWithinTheProtocol()
    {
        var sizes = Enumerable.Range(1, PartSizes.MaxParts).Select(PartSizes.Of).ToList();
        sizes.Take(1000).Distinct().ShouldBe([PartSizes.First]);
        sizes.ShouldBe(sizes.Order());
        sizes.ShouldAllBe(size => size >= 5 * 1024 * 1024);
    }

    [Fact]
    public void Memory_OfTheFirstParts_Is32MiB() =>
        ((PartSizes.InFlight(PartSizes.First) + 1) * PartSizes.First).ShouldBe(32 * 1024 * 1024);
}
