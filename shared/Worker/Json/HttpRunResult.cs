namespace Ebb.Worker.Json;

/// <summary>The result of an HTTP function's run.</summary>
/// <param name="Status">The HTTP status it answered.</param>
internal sealed record HttpRunResult(int Status);
