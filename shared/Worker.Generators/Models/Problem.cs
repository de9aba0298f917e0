using Microsoft.CodeAnalysis;

namespace Ebb.Worker.Generators.Models;

/// <summary>A mistake in the source, to be reported.</summary>
internal sealed record Problem(DiagnosticDescriptor Descriptor, SourceLocation? Location, EquatableArray<string> Arguments)
{
    public Diagnostic ToDiagnostic() =>
        Diagnostic.Create(Descriptor, Location?.ToLocation() ?? Microsoft.CodeAnalysis.Location.None, [.. Arguments]);
}
