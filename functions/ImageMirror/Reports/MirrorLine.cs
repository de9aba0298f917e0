using System.Runtime.InteropServices;

namespace Ebb.ImageMirror.Reports;

/// <summary>What happened to one image.</summary>
public sealed record MirrorLine
{
    /// <summary>Where it comes from: <c>docker.io/library/alpine:3.21</c>.</summary>
    public required string Source { get; init; }

    /// <summary>The tag; null when no tag could be determined.</summary>
    public string? Tag { get; init; }

    /// <summary>What the source's tag points to now.</summary>
    public string? SourceDigest { get; init; }

    /// <summary>Where it goes: <c>harbor.example.com/library/alpine:3.21</c>.</summary>
    public required string Target { get; init; }

    /// <summary>What the target's tag points to after the run; another than the source's when platforms were filtered.</summary>
    public string? TargetDigest { get; init; }

    /// <summary>What was done.</summary>
    public required MirrorAction Action { get; init; }

    /// <summary>Blobs sent to the target.</summary>
    public BlobCount Moved { get; init; }

    /// <summary>Blobs mounted from another repository of the target.</summary>
    public BlobCount Mounted { get; init; }

    /// <summary>Blobs that were there already.</summary>
    public BlobCount Skipped { get; init; }

    /// <summary>Manifests and indexes written.</summary>
    public int Manifests { get; init; }

    /// <summary>Referrers and signature tags of upstream copied.</summary>
    public int Referrers { get; init; }

    /// <summary>Signatures written, each format of each manifest counted.</summary>
    public int Signatures { get; init; }

    /// <summary>By which key the target is signed, or that it is not and why.</summary>
    public string? Signing { get; init; }

    /// <summary>What somebody should know though the image is mirrored: referrers that could not be had, names that are no tags. Null for none.</summary>
    public IReadOnlyList<string>? Notes { get; init; }

    /// <summary>The kind of failure, such as <c>projectMissing</c>.</summary>
    public string? Fault { get; init; }

    /// <summary>Why it failed or drifted.</summary>
    public string? Cause { get; init; }

    /// <summary>What to do about it.</summary>
    public string? Remedy { get; init; }
}

/// <summary>Some blobs.</summary>
/// <param name="Blobs">How many.</param>
/// <param name="Bytes">Their length together.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct BlobCount(int Blobs, long Bytes)
{
    /// <summary>Both together.</summary>
    public static BlobCount operator +(BlobCount left, BlobCount right) => new(left.Blobs + right.Blobs, left.Bytes + right.Bytes);
}
