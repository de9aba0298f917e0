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

    private static async Task EndAsync(RpcCall call, SnapshotScript script, Func<ReadOnlyMemory<byte>, RpcMessage> piece, Func<string, RpcMessage>? error)
    {
        switch (script.Fault)
        {
            case SnapshotFault.Fails:
                await call.EndAsync(Internal, "the disk is on fire");
                return;
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
