namespace Ebb.ObjectStore.S3;

/// <summary>
/// How large the parts of an upload of unknown length are. At least 5 MiB each, at most 10,000 and 5 TiB in all (Amazon S3 user guide,
/// Multipart upload limits). The first 1,000 are of 8 MiB (7.8 GiB), then four times larger every 1,000 up to 768 MiB.
/// </summary>
internal static class PartSizes
{
    public const int MaxParts = 10_000;
    public const int First = 8 * Mebibyte;
    private const int Mebibyte = 1024 * 1024;
    private const int Largest = 768 * Mebibyte;
    private const int PartsOfOneSize = 1_000;
    private const int MaxInFlight = 3;

    /// <summary>Bytes of the part with this number, from 1.</summary>
    public static int Of(int number) =>
        (int)Math.Min(Largest, (long)First << Math.Min(2 * ((number - 1) / PartsOfOneSize), 16));

    /// <summary>How many parts of this size are sent at once, so that memory stays what it is for the first as long as it can.</summary>
    public static int InFlight(int size) => Math.Clamp(MaxInFlight * First / size, 1, MaxInFlight);
}
