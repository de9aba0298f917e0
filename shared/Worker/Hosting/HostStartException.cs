namespace Ebb.Worker;

/// <summary>The host cannot start: its configuration is wrong. Holds every problem found, not only the first.</summary>
public sealed class HostStartException : Exception
{
    /// <summary>Creates the error.</summary>
    public HostStartException(IReadOnlyList<string> problems)
        : base($"The host does not start: {problems?.Count} problem(s).{Environment.NewLine}{Listed(problems)}") =>
        Problems = problems ?? [];

    /// <summary>Each names what is wrong, its value and what would be right.</summary>
    public IReadOnlyList<string> Problems { get; }

    private static string Listed(IReadOnlyList<string>? problems) =>
        string.Join(Environment.NewLine, (problems ?? []).Select(problem => $"  - {problem}"));
}
