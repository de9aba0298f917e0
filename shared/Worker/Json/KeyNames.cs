namespace Ebb.Worker.Json;

/// <summary>The content of <c>scopes.json</c>: names by key file.</summary>
internal sealed class KeyNames : Dictionary<string, IReadOnlyList<string>>;
