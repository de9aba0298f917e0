namespace Ebb.Worker.Http;

/// <summary>Who makes the request.</summary>
/// <param name="Name">The name of the key.</param>
/// <param name="Scope">What it may act on.</param>
internal sealed record Caller(string Name, CallerScope Scope);
