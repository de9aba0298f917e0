namespace Ebb.Worker.Generators.Models;

/// <summary>What one method with <c>[Function]</c> says.</summary>
/// <param name="Function">The function; null when something about it is wrong.</param>
/// <param name="Name">Its name and where it stands, to find duplicates; null when the name itself is wrong.</param>
/// <param name="JsonTypes">The types that need JSON metadata.</param>
/// <param name="Problems">What is wrong.</param>
internal sealed record FunctionReading(
    FunctionModel? Function, NamedPlace? Name, EquatableArray<NamedPlace> JsonTypes, EquatableArray<Problem> Problems);

/// <summary>A name or type, where it stands and the function it belongs to.</summary>
internal sealed record NamedPlace(string Name, string Function, SourceLocation? Location);
