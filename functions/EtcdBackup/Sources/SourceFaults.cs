using Ebb.Grpc;
using Ebb.OpenSsl;

namespace Ebb.EtcdBackup.Sources;

/// <summary>Names what went wrong between us and a member.</summary>
internal static class SourceFaults
{
    private static readonly string[] LoginWords = ["authentication", "user name", "auth token", "permission denied"];

    /// <summary>A call before the snapshot, or its beginning.</summary>
    public static SnapshotException OfCall(string member, RpcException error) => Tls(member, error) ?? error.StatusCode switch
    {
        StatusCode.Unavailable => Fault(SnapshotFailure.Unreachable, $"{member} cannot be reached: {Shown.Line(error.Detail)} Check the address, that etcd runs there, and network policies.", error),
        StatusCode.DeadlineExceeded => Fault(SnapshotFailure.Unreachable, $"{member} did not answer in time: {Shown.Line(error.Detail)}", error),
        StatusCode.Unauthenticated or StatusCode.PermissionDenied => Refused(member, error),
        // What etcd answers to a wrong user or password and to a call without a token (api/v3rpc/rpctypes/error.go), and to a user
        // without the role root (server/auth/store.go, whose errors go out as they are).
        StatusCode.InvalidArgument or StatusCode.FailedPrecondition or StatusCode.Unknown when IsAboutLogin(error) => Refused(member, error),
        _ => Fault(SnapshotFailure.ServerError, $"{member} answered {error.StatusCode}: {Shown.Line(error.Detail)}", error),
    };

    /// <summary>The snapshot, once bytes have come.</summary>
    public static SnapshotException OfStream(string member, long received, RpcException error) => IsLost(error)
        ? Fault(SnapshotFailure.ConnectionLost, $"The connection to {member} broke after {received} bytes of the snapshot ({Shown.Line(error.Detail)}): the member was stopped, or something between cut it.", error)
        : received == 0
            ? OfCall(member, error)
            : Fault(SnapshotFailure.ServerError, $"{member} ended the snapshot after {received} bytes with {error.StatusCode}: {Shown.Line(error.Detail)}", error);

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

    private static bool IsLost(RpcException error) =>
        error.StatusCode is StatusCode.Unavailable or StatusCode.Cancelled
        || Find<TlsException>(error) is { Failure: TlsFailure.Truncated }
        || Find<IOException>(error) is not null
        || error.Detail.Contains("ended without a grpc-status", StringComparison.Ordinal);

    private static bool IsAboutLogin(RpcException error) =>
        error.Detail.StartsWith("auth:", StringComparison.Ordinal)
        || LoginWords.Any(words => error.Detail.Contains(words, StringComparison.OrdinalIgnoreCase));

    private static SnapshotException Refused(string member, RpcException error) => Fault(
        SnapshotFailure.LoginRefused,
        $"{member} refuses this client: {Shown.Line(error.Detail)} etcd wants a user with the role root, Talos a certificate with the role os:etcd:backup.",
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
