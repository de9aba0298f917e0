namespace Ebb.Contracts.Secrets;

/// <summary>Asks SecretBump to look again which versions the store holds.</summary>
public sealed record AppsRefresh
{
    /// <summary>The application; null means all of them.</summary>
    public string? Application { get; init; }
}
