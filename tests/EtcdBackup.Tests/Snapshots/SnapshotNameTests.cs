using Ebb.EtcdBackup.Snapshots;

namespace Ebb.EtcdBackup.Tests.Snapshots;

public sealed class SnapshotNameTests
{
    private static readonly DateTimeOffset Time = new(2026, 1, 31, 3, 4, 5, 678, TimeSpan.FromHours(1));

    [Theory]
    [InlineData(false, false, "prod-2026-01-31T02:04:05Z.snap")]
    [InlineData(true, false, "prod-2026-01-31T02:04:05Z.snap.zst")]
    [InlineData(false, true, "prod-2026-01-31T02:04:05Z.snap.age")]
    [InlineData(true, true, "prod-2026-01-31T02:04:05Z.snap.zst.age")]
    public void Create_EveryKind_IsTheNameOfTalosBackupInUtc(bool compressed, bool encrypted, string expected) =>
        SnapshotName.Create("prod", Time, compressed, encrypted).Text.ShouldBe(expected);

    [Theory]
    [InlineData("prod-2026-01-31T02:04:05Z.snap.age", true)]
    [InlineData("prod-2026-01-31T04:04:05+02:00.snap", true)]
    [InlineData("prod-2026-01-31T02:04:05Z.snap.zst.age", true)]
    [InlineData("prod-eu-2026-01-31T02:04:05Z.snap", false)]
    [InlineData("production-2026-01-31T02:04:05Z.snap", false)]
    [InlineData("other-2026-01-31T02:04:05Z.snap", false)]
    [InlineData("prod-2026-01-31T02:04:05Z.snap.age.json", false)]
    [InlineData("prod-2026-01-31T02:04:05Z.snap.age.zst", false)]
    [InlineData("prod-2026-01-31T02:04:05Z.snap.gz", false)]
    [InlineData("prod-2026-01-31T02:04:05.5Z.snap", false)]
    [InlineData("prod-2026-13-31T02:04:05Z.snap", false)]
    [InlineData("prod-2026-01-31T02:04:05Z.snap\n", false)]
    [InlineData("PROD-2026-01-31T02:04:05Z.snap", false)]
    [InlineData("prod-.snap", false)]
    [InlineData("", false)]
    public void TryParse_Name_IsOursOnlyInThisForm(string text, bool expected) =>
        SnapshotName.TryParse(text, "prod", out _).ShouldBe(expected);

    [Fact]
    public void TryParse_OffsetOfAnotherZone_IsTheSameMoment()
    {
        SnapshotName.TryParse("my-prod.1-2026-01-31T04:04:05+02:00.snap.zst.age", "my-prod.1", out var name).ShouldBeTrue();

        name.Time.ShouldBe(new DateTimeOffset(2026, 1, 31, 2, 4, 5, TimeSpan.Zero));
        (name.IsCompressed, name.IsEncrypted).ShouldBe((true, true));
    }
}
