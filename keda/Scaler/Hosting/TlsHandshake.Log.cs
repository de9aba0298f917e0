using Microsoft.Extensions.Logging;

namespace Ebb.Scaler.Hosting;

internal sealed partial class TlsHandshake
{
    [LoggerMessage(1050, LogLevel.Information, "The certificate in {File} was read again; it is valid until {NotAfter}")]
    private partial void LogRead(string file, DateTime notAfter);

    [LoggerMessage(1051, LogLevel.Error, "The certificate in {File} has changed and cannot be used; the former stays in use. Write a PEM file with the certificate and another with its unencrypted key")]
    private partial void LogUnusable(string file, Exception exception);
}
