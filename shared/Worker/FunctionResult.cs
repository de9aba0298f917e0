using Microsoft.AspNetCore.Http;

namespace Ebb.Worker;

/// <summary>What an invocation returned.</summary>
/// <param name="Http">The HTTP answer, for HTTP functions.</param>
/// <param name="Json">The return value as JSON; null when there is none.</param>
public readonly record struct FunctionResult(IResult? Http, string? Json);
