using Ebb.ImageMirror.Adhoc;
using Ebb.Contracts.Images;
using Ebb.Settings;
using Microsoft.Extensions.Configuration;

namespace Ebb.ImageMirror.Mirroring;

/// <summary>The section <c>ImageMirror</c>.</summary>
public sealed record MirrorOptions
{
    /// <summary>The list of images. Default <c>images.yaml</c> in the working directory. Read at each run.</summary>
    public string ImagesFile { get; init; } = "images.yaml";

    /// <summary>The registry and path to mirror into, instead of the one that the list names.</summary>
    public string? Target { get; init; }

    /// <summary>Images outside the list. Null (default): there are none.</summary>
    public AdhocOptions? Adhoc { get; init; }

    /// <summary>Creates a missing Harbor project through Harbor's API. Default false.</summary>
    public bool CreateProjects { get; init; }

    /// <summary>Images mirrored at the same time. Default 4, 1 to 32.</summary>
    public int MaxParallelImages { get; init; } = 4;

    /// <summary>Blobs sent at the same time. Default 6, 1 to 32; one less than <c>MaxConcurrentRequests</c> at most.</summary>
    public int MaxParallelBlobs { get; init; } = 6;

    /// <summary>Pulls of a registry's quota that are left for others. Default 10.</summary>
    public int PullsToKeep { get; init; } = 10;

    /// <summary>
    /// How long a bundle that was verified is taken to be there still. The <c>.sig</c> tag is read in every run whatever this
    /// says. Default 7 days; 0 looks in every run.
    /// </summary>
    public TimeSpan VerifyBundlesEvery { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Reads the section; every problem is added, and its default taken.</summary>
    public static MirrorOptions From(IConfiguration configuration, ICollection<string> problems)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(problems);
        var reader = new SettingsReader(configuration, problems, "ImageMirror");
        var defaults = new MirrorOptions();
        return new MirrorOptions
        {
            ImagesFile = reader.Text(nameof(ImagesFile), defaults.ImagesFile, "the path of the list of images"),
            Target = reader.Text(nameof(Target), "a registry and path such as harbor.example.com/library", SourceName.IsTarget),
            Adhoc = AdhocOptions.From(configuration, problems),
            CreateProjects = reader.Flag(nameof(CreateProjects)),
            MaxParallelImages = reader.Number(nameof(MaxParallelImages), defaults.MaxParallelImages, 1, 32),
            MaxParallelBlobs = reader.Number(nameof(MaxParallelBlobs), defaults.MaxParallelBlobs, 1, 32),
            PullsToKeep = reader.Number(nameof(PullsToKeep), defaults.PullsToKeep, 0, 10_000),
            VerifyBundlesEvery = reader.Duration(nameof(VerifyBundlesEvery), defaults.VerifyBundlesEvery, TimeSpan.Zero, TimeSpan.FromDays(365)),
        };
    }
}
