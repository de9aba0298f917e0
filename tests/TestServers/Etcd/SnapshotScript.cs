using System.Security.Cryptography;

namespace Ebb.TestServers.Etcd;

/// <summary>How a stand-in gives its snapshot: what it sends, in which pieces, and where it goes wrong.</summary>
public sealed record SnapshotScript
{
    private const int PageBytes = 4096;

    /// <summary>Everything, the SHA-256 at its end included.</summary>
    public required byte[] Content { get; init; }

    /// <summary>How large each piece is; etcd's are of 32 KiB, Talos' of 1 KiB.</summary>
    public int PieceBytes { get; init; } = 32 * 1024;

    /// <summary>After so many bytes the <see cref="Fault"/> happens.</summary>
    public int FaultAfter { get; init; } = int.MaxValue;

    /// <summary>What happens then.</summary>
    public SnapshotFault Fault { get; init; }

    /// <summary>A snapshot of so many random pages with the right SHA-256 behind it. No database: only its outside is right.</summary>
    public static SnapshotScript Of(int pages)
    {
        var content = RandomNumberGenerator.GetBytes(pages * PageBytes);
        return new SnapshotScript { Content = [.. content, .. SHA256.HashData(content)] };
    }

    /// <summary>The same with one bit changed and the SHA-256 left as it was.</summary>
    public SnapshotScript Changed()
    {
        var content = Content.ToArray();
        content[content.Length / 2] ^= 1;
        return this with { Content = content };
    }
}
