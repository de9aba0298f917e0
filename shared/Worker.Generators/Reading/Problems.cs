using Ebb.Worker.Generators.Models;

namespace Ebb.Worker.Generators.Reading;

/// <summary>Everything that is wrong: in each function by itself, and between them.</summary>
internal static class Problems
{
    private const string Global = "global::";

    // The runtime itself brings metadata for these.
    private static readonly string[] Simple = ["string", "string[]", "bool", "int", "long", "double", "global::System.Text.Json.JsonElement"];

    public static EquatableArray<Problem> Of(EquatableArray<FunctionReading> readings, EquatableArray<string> jsonTypes)
    {
        var known = new HashSet<string>(jsonTypes.Concat(Simple));
        return new(readings.SelectMany(reading => reading.Problems)
            .Concat(Duplicates(readings))
            .Concat(readings.SelectMany(reading => reading.JsonTypes).Where(type => !known.Contains(type.Name)).Select(WithoutMetadata)));
    }

    private static IEnumerable<Problem> Duplicates(EquatableArray<FunctionReading> readings) =>
        readings.Select(reading => reading.Name).OfType<NamedPlace>()
            .GroupBy(place => place.Name, StringComparer.OrdinalIgnoreCase)
            .Where(group => group.Count() > 1)
            .SelectMany(group => group)
            .Select(place => new Problem(Diagnostics.DuplicateName, place.Location, new([place.Name])));

    private static Problem WithoutMetadata(NamedPlace type)
    {
        var shown = type.Name.Replace(Global, string.Empty);
        return new(Diagnostics.JsonType, type.Location, new([shown, type.Function, shown.Substring(ShortNameStart(shown))]));
    }

    private static int ShortNameStart(string type) => type.IndexOf('<') < 0 ? type.LastIndexOf('.') + 1 : 0;
}
