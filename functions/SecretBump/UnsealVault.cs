using Ebb.SecretBump.Unsealing;
using Ebb.Worker;
using Microsoft.Azure.Functions.Worker;

namespace Ebb.SecretBump;

/// <summary>
/// Unseals the members of a Vault or OpenBao cluster that came back sealed.
/// </summary>
public sealed class UnsealVault(VaultUnsealer unsealer)
{
    /// <summary>The queue of requests to look at once; a message's content does not count.</summary>
    public const string Queue = "unseal-vault";

    /// <summary>Looks at the members on schedule.</summary>
    [Function("UnsealVaultOnSchedule")]
    [CatchUp(CatchUp.None)]
    public Task<UnsealReport> OnSchedule([TimerTrigger("%UnsealVault:Schedule%")] TimerInfo timer, FunctionContext context) => RunAsync(context);

    /// <summary>Looks at the members when asked to.</summary>
    [Function("UnsealVaultOnRequest")]
    public Task<UnsealReport> OnRequest([QueueTrigger(Queue)] string message, FunctionContext context) => RunAsync(context);

    private async Task<UnsealReport> RunAsync(FunctionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        try
        {
            var report = await unsealer.RunAsync(context.CancellationToken);
            var failures = report.Members.Where(member => member.IsFailure).ToList();
            return failures.Count == 0
                ? report
                : throw FunctionFailedException.Final(
                    $"{failures.Count} of {report.Members.Count} members stay sealed or do not answer:{string.Concat(failures.Select(member => $"\n{member.Address}: {member.Detail}"))}",
                    report,
                    UnsealJson.Default.UnsealReport);
        }
        catch (UnsealException exception)
        {
            throw new FunctionFailedException(exception.Message, exception) { Retryable = false };
        }
    }
}
