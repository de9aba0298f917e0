using Ebb.OpenSsl;
using Google.Protobuf;
using Grpc.Core;

namespace Ebb.EtcdBackup.Sources;

/// <summary>Names what went wrong between us and a member.</summary>
internal static class SourceFaults
{
    private static readonly string[] LoginWords = ["authentication", "user name", "auth token", "permission denied"];

    /// <summary>A call before the snapshot, or its beginning.</summary>
    public static SnapshotException OfCall(string member, RpcException error) => Tls(member, error) ?? Garbled(member, error) ?? error.StatusCode switch
    {
        StatusCode.Unavailable => Fault(SnapshotFailure.Unreachable, $"{member} cannot be reached: {Said(error)} Check the address, that etcd runs there, and network policies.", error),
        StatusCode.DeadlineExceeded => Fault(SnapshotFailure.Unreachable, $"{member} did not answer within {MemberCalls.Patience.TotalSeconds:0} s.", error),
        StatusCode.Unauthenticated or StatusCode.PermissionDenied => Refused(member, error),
        // What etcd answers to a wrong user or password and to a call without a token (api/v3rpc/rpctypes/error.go), and to a user
        // without the role root (server/auth/store.go, whose errors go out as they are).
        StatusCode.InvalidArgument or StatusCode.FailedPrecondition or StatusCode.Unknown when IsAboutLogin(error) => Refused(member, error),
        _ => Fault(SnapshotFailure.ServerError, $"{member} answered {error.StatusCode}: {Said(error)}", error),
    };

    /// <summary>The snapshot, once bytes have come.</summary>
    public static SnapshotException OfStream(string member, long received, RpcException error) => Garbled(member, error) ?? (IsLost(error)
        ? Fault(SnapshotFailure.ConnectionLost, $"The connection to {member} broke after {received} bytes of the snapshot ({Said(error)}): the member was stopped, or something between cut it.", error)
        : received == 0
            ? OfCall(member, error)
            : Fault(SnapshotFailure.ServerError, $"{member} ended the snapshot after {received} bytes with {error.StatusCode}: {Said(error)}", error));

    private static SnapshotException? Garbled(string member, RpcException error) => Find<InvalidProtocolBufferException>(error) is not { } garbled
        ? null
        : Fault(SnapshotFailure.ServerError, $"{member} sent what is no message of its protocol: {garbled.Message}", error);

    private static SnapshotException? Tls(string member, RpcException error) => Find<TlsException>(error) is not { } tls
        ? null
        : Fault(
            tls.Failure switch
            {
                TlsFailure.CertificateExpired or TlsFailure.CertificateNotYetValid => SnapshotFailure.CertificateExpired,
                TlsFailure.UnknownAuthority => SnapshotFailure.WrongAuthority,
                TlsFailure.WrongServerName => SnapshotFailure.WrongServerName,
                TlsFailure.ClientCertificateRequired or TlsFailure.ClientCertificateRefused => SnapshotFailure.LoginRefused,
                TlsFailure.TimedOut or TlsFailure.Truncated => SnapshotFailure.Unreachable,
                _ => SnapshotFailure.Tls,
            },
            $"{member}: {tls.Message}",
            error);

    // An answer that ends without a status is CANCELLED.
    private static bool IsLost(RpcException error) =>
        error.StatusCode is StatusCode.Unavailable or StatusCode.Cancelled
        || Find<TlsException>(error) is { Failure: TlsFailure.Truncated }
        || Find<IOException>(error) is not null;

    // What the server said; what failed here has a cause that says it better than the library does.
    private static string Said(RpcException error) => Shown.Line(error.Status.DebugException?.GetBaseException().Message ?? error.Status.Detail);

    private static bool IsAboutLogin(RpcException error) =>
        error.Status.Detail.StartsWith("auth:", StringComparison.Ordinal)
        || LoginWords.Any(words => error.Status.Detail.Contains(words, StringComparison.OrdinalIgnoreCase));

    private static SnapshotException Refused(string member, RpcException error) => Fault(
        SnapshotFailure.LoginRefused,
        $"{member} refuses this client: {Said(error)} etcd wants a user with the role root, Talos a certificate with the role os:etcd:backup.",
        error);

    private static T? Find<T>(Exception? error)
        where T : Exception
    {
        for (; error is not null; error = error.InnerException)
        {
            if (error is T found)
            {
                return found;
            }
        }

        return null;
    }

    private static SnapshotException Fault(SnapshotFailure failure, string message, Exception inner) => new(failure, message, inner);
}
