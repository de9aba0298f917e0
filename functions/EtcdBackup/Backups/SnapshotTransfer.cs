using System.Runtime.CompilerServices;
using Ebb.EtcdBackup.Snapshots;
using Ebb.EtcdBackup.Sources;

namespace Ebb.EtcdBackup.Backups;

/// <summary>
/// Passes a snapshot on from a member, and finds out on the way whether it is whole. A member that brings nothing for too long is given up,
/// also when it goes on sending empty pieces (etcd does when writing fails on its side). Time that the receiver takes does not count.
/// </summary>
internal sealed class SnapshotTransfer(TimeSpan patience, TimeProvider time)
{
    private const int BufferBytes = 256 * 1024;

    /// <summary>Writes everything to <paramref name="output"/>; when it returns, the SHA-256 at the end was right.</summary>
    /// <param name="member">Who gives it.</param>
    /// <param name="output">Gets the snapshot, trailer included. Nothing is known of it until this returns.</param>
    /// <param name="progress">Told how many bytes have passed, now and then.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="SnapshotException">It is cut, damaged, stalled, or the connection was lost.</exception>
    public async Task<TransferResult> CopyAsync(SnapshotMember member, Stream output, Action<long> progress, CancellationToken cancellationToken)
    {
        using var digest = new SnapshotDigest();
        var buffer = new byte[BufferBytes];
        var filled = 0;
        await foreach (var piece in WithProgressAsync(member, digest, cancellationToken))
        {
            digest.Append(piece.Span);

            // Talos sends 1 KiB at a time: gathered, so that what follows works on more at once.
            for (var rest = piece; !rest.IsEmpty;)
            {
                var count = Math.Min(rest.Length, buffer.Length - filled);
                rest.Span[..count].CopyTo(buffer.AsSpan(filled));
                (rest, filled) = (rest[count..], filled + count);
                if (filled == buffer.Length)
                {
                    await output.WriteAsync(buffer, cancellationToken);
                    filled = 0;
                    progress(digest.Length);
                }
            }
        }

        var sha256 = Named(member, digest);
        await output.WriteAsync(buffer.AsMemory(0, filled), cancellationToken);
        return new TransferResult(digest.Length, sha256);
    }

    private async IAsyncEnumerable<ReadOnlyMemory<byte>> WithProgressAsync(
        SnapshotMember member, SnapshotDigest digest, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stalled = new CancellationTokenSource(patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stalled.Token, cancellationToken);
        await using var pieces = member.ReadAsync(either.Token).GetAsyncEnumerator(either.Token);
        while (await NextAsync())
        {
            if (pieces.Current.IsEmpty)
            {
                continue;
            }

            stalled.CancelAfter(Timeout.InfiniteTimeSpan);
            yield return pieces.Current;
            stalled.CancelAfter(patience);
        }

        async ValueTask<bool> NextAsync()
        {
            try
            {
                // A member that never stops sending empty pieces may leave no moment in which the call is waited for.
                either.Token.ThrowIfCancellationRequested();
                return await pieces.MoveNextAsync();
            }
            catch (OperationCanceledException) when (stalled.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                throw new SnapshotException(
                    SnapshotFailure.Stalled,
                    $"{member.Name} brought nothing for {patience} after {digest.Length} bytes of the snapshot, though the connection stands. Look at the member's log and disk; EtcdBackup:ProgressTimeout says how long to wait.");
            }
        }
    }

    private static string Named(SnapshotMember member, SnapshotDigest digest)
    {
        try
        {
            return digest.Finish();
        }
        catch (SnapshotException e)
        {
            throw new SnapshotException(e.Failure, $"{member.Name}: {e.Message}", e);
        }
    }
}
