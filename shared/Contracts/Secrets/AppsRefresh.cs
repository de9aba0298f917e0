namespace Ebb.Contracts.Secrets;

/// <summary>Asks SecretBump to look again which versions the store holds.</summary>
public sealed record AppsRefresh
{
    /// <summary>How it is asked for: of one application, or of all, one at a time.</summary>
    public static Command<AppsRefresh> Command { get; } = new(Queues.SecretRefresh, ContractsJson.Default.AppsRefresh, SecretChangeReader.ReadRefresh) { SequenceKey = request => request.Application ?? "*" };

    /// <summary>The application; null means all of them.</summary>
    public string? Application { get; init; }
}
