using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Ebb.Worker.Generators.Models;

/// <summary>A place in the source that keeps no syntax tree alive.</summary>
internal sealed record SourceLocation(string Path, TextSpan Span, LinePositionSpan Lines)
{
    public static SourceLocation? From(Location? location) =>
        location?.SourceTree is { } tree ? new(tree.FilePath, location.SourceSpan, location.GetLineSpan().Span) : null;

    public Location ToLocation() => Location.Create(Path, Span, Lines);
}
