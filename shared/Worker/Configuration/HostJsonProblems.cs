using System.Text.Json;
using Ebb.Contracts;

namespace Ebb.Worker.Configuration;

/// <summary>Collects what is wrong with a host.json.</summary>
internal sealed class HostJsonProblems(string file)
{
    private const int MaxShownCharacters = 60;

    public List<string> Errors { get; } = [];

    public List<string> Warnings { get; } = [];

    public void Wrong(string path, JsonElement value, string right) =>
        Errors.Add($"{file}: '{path}' is {Shown(value)}; {right}.");

    public void Missing(string path, string right) => Errors.Add($"{file}: '{path}' is missing; {right}.");

    public void Twice(string path) => Errors.Add($"{file}: '{path}' is there twice; keep one.");

    public void Unknown(string path, string key, IReadOnlyList<string> known)
    {
        var nearest = NearestName.Of(key, known);
        Warnings.Add(nearest is null
            ? $"{file}: '{path}' is not known and has no effect; known here: {string.Join(", ", known)}."
            : $"{file}: '{path}' is not known and has no effect; did you mean '{path[..^key.Length]}{nearest}'?");
    }

    private static string Shown(JsonElement value)
    {
        var text = value.GetRawText().ReplaceLineEndings(" ");
        return text.Length <= MaxShownCharacters ? text : $"{text[..MaxShownCharacters]}…";
    }
}
