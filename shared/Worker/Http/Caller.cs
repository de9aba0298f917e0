namespace Ebb.Worker.Http;

/// <summary>Who makes the request.</summary>
/// <param name="Name">As <see cref="CallerNames"/> writes it.</param>
/// <param name="Scope">What it may act on.</param>
internal sealed record Caller(string Name, CallerScope Scope);
