using Ebb.ImageMirror.Reports;

namespace Ebb.ImageMirror.Mirroring;

/// <summary>What one image's parallel steps did, added up.</summary>
internal sealed class LineTally
{
    private readonly Lock _gate = new();
    private readonly List<string> _notes = [];
    private BlobCount _moved;
    private BlobCount _mounted;
    private BlobCount _skipped;
    private int _manifests;
    private int _referrers;
    private int _signatures;

    public bool WroteSignatures => _signatures > 0;

    public bool WroteReferrers => _referrers > 0;

    public void Add(BlobOutcome outcome, long bytes)
    {
        var one = new BlobCount(1, bytes);
        lock (_gate)
        {
            _ = outcome switch
            {
                BlobOutcome.Moved => _moved += one,
                BlobOutcome.Mounted => _mounted += one,
                _ => _skipped += one,
            };
        }
    }

    public void AddManifest() => Interlocked.Increment(ref _manifests);

    public void AddReferrer() => Interlocked.Increment(ref _referrers);

    public void AddSignatures(int count) => Interlocked.Add(ref _signatures, count);

    /// <summary>Adds what somebody should know though the image is mirrored.</summary>
    public void AddNote(string note)
    {
        lock (_gate)
        {
            _notes.Add(note);
        }
    }

    public MirrorLine ApplyTo(MirrorLine line) => line with
    {
        Moved = _moved,
        Mounted = _mounted,
        Skipped = _skipped,
        Manifests = _manifests,
        Referrers = _referrers,
        Signatures = _signatures,
        Notes = _notes.Count == 0 ? line.Notes : [.. line.Notes ?? [], .. _notes],
    };
}
