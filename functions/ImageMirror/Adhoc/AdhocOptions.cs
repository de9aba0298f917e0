using Ebb.Contracts;
using Ebb.Contracts.Images;
using Ebb.Oci;
using Ebb.Settings;
using Microsoft.Extensions.Configuration;

namespace Ebb.ImageMirror.Adhoc;

/// <summary>The section <c>ImageMirror:Adhoc</c>: images that nobody approved in the list, in a place of their own. Without it there are none.</summary>
public sealed record AdhocOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "ImageMirror:Adhoc";

    /// <summary>The path under the target that they go into and no entry of the list may. Default <c>adhoc</c>.</summary>
    public string Path { get; init; } = "adhoc";

    /// <summary>Where they may come from; the first that allows a source counts.</summary>
    public IReadOnlyList<AdhocSource> Sources { get; init; } = [];

    /// <summary>Reads the section; null where there is none. Every problem is added.</summary>
    public static AdhocOptions? From(IConfiguration configuration, ICollection<string> problems)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(problems);
        var read = new SettingsReader(configuration, problems, Section);
        var path = read.Text(nameof(Path), "a path of lower-case letters and digits; adhoc where nothing is said", SourceName.IsRepository) ?? new AdhocOptions().Path;
        var sources = read.Sections(nameof(Sources), ReadSource);
        if (!read.Exists)
        {
            return null;
        }

        if (sources.Count == 0)
        {
            problems.Add($"{Section}:{nameof(Sources)} is missing; name what is allowed, such as {Section}:{nameof(Sources)}:0:Pattern=quay.io/team/*, or leave the section out.");
        }

        return new AdhocOptions { Path = path, Sources = [.. sources.OfType<AdhocSource>()] };
    }

    /// <summary>The rule that allows a source; null when none does.</summary>
    public AdhocSource? Find(ImageReference source) => Sources.FirstOrDefault(rule => rule.Allows(source));

    /// <summary>
    /// The images to mirror for a request; every one whose source is not allowed is a problem. Each goes to
    /// <c>&lt;Path&gt;/&lt;host&gt;/&lt;repository&gt;</c>, so that no two sources share a place.
    /// </summary>
    internal IReadOnlyList<MirrorImage> Choose(IReadOnlyList<AdhocImage> asked, string listFile, ListProblems problems)
    {
        var chosen = new List<MirrorImage>();
        for (var i = 0; i < asked.Count; i++)
        {
            if (!ImageReference.TryParse(asked[i].Source, out var source, out _) || Find(source) is null)
            {
                problems.Add($"adhoc[{i}].source", $"'{asked[i].Source}' is none of the sources that {Section}:{nameof(Sources)} allows ({string.Join(", ", Sources)}). "
                    + $"Have it added there, or the image approved in the list, {listFile} (ImageMirror:ImagesFile)");
            }
            else if (NameOf(source) is var name && !SourceName.IsRepository(name))
            {
                problems.Add($"adhoc[{i}].source", $"'{name}', where it would go, is too long for a repository's name; shorten {Section}:{nameof(Path)}");
            }
            else
            {
                chosen.Add(new MirrorImage { Source = asked[i].Source, Name = name, Tags = asked[i].Tags });
            }
        }

        return chosen;
    }

    // A host has no underscore, so that this one can only stand for the port's colon.
    private string NameOf(ImageReference source) => $"{Path}/{source.Registry.ToLowerInvariant().Replace(':', '_')}/{source.Repository}";

    private static AdhocSource? ReadSource(SettingsReader read)
    {
        const string form = "a pattern such as quay.io/team/*";
        var credentials = read.Flag(nameof(AdhocSource.Credentials));
        if (read.Text("Pattern", form) is not { } pattern)
        {
            return read.Missing<AdhocSource?>("Pattern", form, null);
        }

        if (AdhocSource.TryParse(pattern, out var source, out var problem))
        {
            return source with { Credentials = credentials };
        }

        read.Problems.Add($"{read.NameOf("Pattern")} is '{pattern}': {problem}.");
        return null;
    }
}
