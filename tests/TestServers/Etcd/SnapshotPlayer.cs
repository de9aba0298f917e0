using System.Buffers.Binary;
using System.IO.Compression;
using Ebb.TestServers.Rpc;

namespace Ebb.TestServers.Etcd;

/// <summary>Plays a script over one call.</summary>
internal static class SnapshotPlayer
{
    private const int Internal = 13;

    /// <param name="call">The call.</param>
    /// <param name="script">What to send.</param>
    /// <param name="piece">Makes a message of a piece.</param>
    /// <param name="error">Makes a message that reports an error.</param>
    public static async Task PlayAsync(RpcCall call, SnapshotScript script, Func<ReadOnlyMemory<byte>, RpcMessage> piece, Func<string, RpcMessage>? error = null)
    {
        call.Encoding = script.Fault == SnapshotFault.SendsABomb ? "gzip" : null;
        try
        {
            var whole = Math.Min(script.Content.Length, script.FaultAfter);
            for (var sent = 0; sent < whole; sent += script.PieceBytes)
            {
                await call.WriteAsync(piece(script.Content.AsMemory(sent, Math.Min(script.PieceBytes, whole - sent))).ToArray());
            }

            await call.FlushAsync();
            await EndAsync(call, script, piece, error);
        }
        catch (OperationCanceledException)
        {
            // The client went away.
        }
    }

    // Members of gzip one after the other are one stream (RFC 1952, section 2.2).
    private static byte[] Bomb()
    {
        using var member = new MemoryStream();
        using (var gzip = new GZipStream(member, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            gzip.Write(new byte[1024 * 1024]);
        }

        var packed = Enumerable.Repeat(member.ToArray(), 1024).SelectMany(bytes => bytes).ToArray();
        var frame = new byte[5 + packed.Length];
        frame[0] = 1;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), packed.Length);
        packed.CopyTo(frame, 5);
        return frame;
    }

    private static async Task EndAsync(RpcCall call, SnapshotScript script, Func<ReadOnlyMemory<byte>, RpcMessage> piece, Func<string, RpcMessage>? error)
    {
        switch (script.Fault)
        {
            case SnapshotFault.Fails:
                await call.EndAsync(Internal, "the disk is on fire");
                return;
            case SnapshotFault.EndsWithoutStatus:
                return;
            case SnapshotFault.AnnouncesTooMuch:
                await call.WriteRawAsync([0, 0x7f, 0xff, 0xff, 0xff]);
                return;
            case SnapshotFault.SendsGarbage:
                await call.WriteAsync(new byte[] { 0xff, 0xff, 0xff });
                break;
            case SnapshotFault.SendsABomb:
                await call.WriteRawAsync(Bomb());
                break;
            case SnapshotFault.Resets:
                call.Reset();
                return;
            case SnapshotFault.Cuts:
                call.Cut();
                return;
            case SnapshotFault.Stalls:
                await Task.Delay(Timeout.Infinite, call.Aborted);
                return;
            case SnapshotFault.SendsEmptyPieces:
                while (true)
                {
                    await call.WriteAsync(piece(ReadOnlyMemory<byte>.Empty).ToArray());
                    await call.FlushAsync();
                    await Task.Delay(1, call.Aborted);
                }

            case SnapshotFault.ReportsAnError:
                await call.WriteAsync(error!("rpc error: code = Unavailable desc = node is rebooting").ToArray());
                break;
            default:
                break;
        }

        await call.EndAsync();
    }
}
