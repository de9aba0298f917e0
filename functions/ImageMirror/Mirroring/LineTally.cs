using Ebb.ImageMirror.Reports;

namespace Ebb.ImageMirror.Mirroring;

/// <summary>What one image's parallel steps did, added up.</summary>
internal sealed class LineTally
{
    private readonly Lock gate = new();
    private BlobCount moved;
    private BlobCount mounted;
    private BlobCount skipped;
    private int manifests;
    private int referrers;
    private int signatures;

    public bool WroteSignatures => signatures > 0;

    public bool WroteReferrers => referrers > 0;

    public void Add(BlobOutcome outcome, long bytes)
    {
        var one = new BlobCount(1, bytes);
        lock (gate)
        {
            _ = outcome switch
            {
                BlobOutcome.Moved => moved += one,
                BlobOutcome.Mounted => mounted += one,
                _ => skipped += one,
            };
        }
    }

    public void AddManifest() => Interlocked.Increment(ref manifests);

    public void AddReferrer() => Interlocked.Increment(ref referrers);

    public void AddSignatures(int count) => Interlocked.Add(ref signatures, count);

    public MirrorLine ApplyTo(MirrorLine line) => line with
    {
        Moved = moved,
        Mounted = mounted,
        Skipped = skipped,
        Manifests = manifests,
        Referrers = referrers,
        Signatures = signatures,
    };
}
