namespace Ebb.OpenSsl.Tls;

internal enum TlsStatus
{
    Done,
    NeedsInput,
    Closed,
}
