using Ebb.SecretBump.Stores;
using Microsoft.Extensions.Logging;

namespace Ebb.SecretBump.Changes;

public sealed partial class ChangeEngine
{
    [LoggerMessage(6020, LogLevel.Warning, "{Place} failed ({Fault}): {Cause}. {Remedy}")]
    private partial void LogFailed(SecretPlace place, string fault, string cause, string remedy);

    [LoggerMessage(6021, LogLevel.Error, "{Place} failed in a way that nobody foresaw")]
    private partial void LogUnforeseen(Exception exception, SecretPlace place);
}
