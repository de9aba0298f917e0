using Microsoft.AspNetCore.Http;

namespace Ebb.Worker;

/// <summary>What an invocation returned.</summary>
/// <param name="Http">The HTTP answer, for HTTP functions.</param>
/// <param name="Json">The return value as JSON, which becomes the run's result; null when there is none.</param>
public readonly record struct FunctionResult(IResult? Http, string? Json)
{
    /// <summary>What is sent, by <see cref="OutputDefinition.Name"/>; null when nothing is.</summary>
    public IReadOnlyList<OutputValue>? Outputs { get; init; }
}

/// <summary>What goes to one output.</summary>
/// <param name="Name">The output, as <see cref="OutputDefinition.Name"/>.</param>
/// <param name="Messages">Each message as JSON; none when the function has nothing to send.</param>
public sealed record OutputValue(string Name, IReadOnlyList<string> Messages);
