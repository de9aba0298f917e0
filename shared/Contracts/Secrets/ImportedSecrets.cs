namespace Ebb.Contracts.Secrets;

/// <summary>What is sealed in an import: never stored or logged as it is.</summary>
public sealed record ImportedSecrets
{
    /// <summary>The application, so that a box cannot be put into another application's import.</summary>
    public required string Application { get; init; }

    /// <summary>Keys and values by environment.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Environments { get; init; }

    /// <summary>Says how much it is, and nothing of it.</summary>
    public override string ToString() => $"{Environments.Sum(environment => environment.Value.Count)} keys for {Environments.Count} environments of {Application}";
}
