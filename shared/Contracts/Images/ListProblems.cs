namespace Ebb.Contracts.Images;

/// <summary>Collects what is wrong with a list, each problem with its location; keeps the first 100.</summary>
public sealed class ListProblems
{
    private const int Max = 100;

    private readonly List<string> _messages = [];
    private int _omitted;

    /// <summary>Every problem, as <c>location: what is wrong and what would be right</c>.</summary>
    public IReadOnlyList<string> Messages => _omitted == 0 ? _messages : [.. _messages, $"and {_omitted} more problems"];

    /// <summary>True when there is nothing that could be read at all: the caller sent no JSON, rather than something wrong in JSON.</summary>
    public bool IsMalformed { get; internal set; }

    /// <summary>Adds a problem.</summary>
    public void Add(string location, string problem)
    {
        if (_messages.Count == Max)
        {
            _omitted++;
            return;
        }

        _messages.Add($"{location}: {problem}");
    }
}
