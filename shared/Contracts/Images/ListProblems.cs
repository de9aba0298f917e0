namespace Ebb.Contracts.Images;

/// <summary>Collects what is wrong with a list, each problem with its location; keeps the first 100.</summary>
public sealed class ListProblems
{
    private const int Max = 100;

    private readonly List<string> messages = [];
    private int omitted;

    /// <summary>Every problem, as <c>location: what is wrong and what would be right</c>.</summary>
    public IReadOnlyList<string> Messages => omitted == 0 ? messages : [.. messages, $"and {omitted} more problems"];

    /// <summary>Adds a problem.</summary>
    public void Add(string location, string problem)
    {
        if (messages.Count == Max)
        {
            omitted++;
            return;
        }

        messages.Add($"{location}: {problem}");
    }
}
