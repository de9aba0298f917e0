using Ebb.Scaler.Configuration;
using Microsoft.Extensions.Logging;

namespace Ebb.Scaler.Hosting;

internal sealed partial class TlsHandshake
{
    [LoggerMessage(1050, LogLevel.Information, "The certificate in {File} was read again; it is valid until {NotAfter}")]
    private partial void LogRead(string file, DateTime notAfter);

    [LoggerMessage(1051, LogLevel.Error, "The certificate in {File} has changed and cannot be used; the former stays in use. Write a PEM file with the certificate and another with its unencrypted key")]
    private partial void LogUnusable(string file, Exception exception);

    [LoggerMessage(1052, LogLevel.Warning, "A client was turned away: the authority vouches for its certificate, but its names are \"{Names}\" and Scaler:ClientNames allows {Allowed}. Is it KEDA's, set Scaler:ClientNames to its name; else find out who asks")]
    private partial void LogOtherName(string names, ClientNames allowed);
}
