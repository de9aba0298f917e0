using Ebb.Oci;

namespace Ebb.ImageMirror.Mirroring;

/// <summary>The platforms to keep. One without a variant covers every variant: <c>linux/arm64</c> also <c>linux/arm64/v8</c>.</summary>
internal sealed class PlatformFilter
{
    private readonly IReadOnlyList<Platform> _wanted;

    public PlatformFilter(IEnumerable<string> platforms) =>
        _wanted = [.. platforms.Select(text => text.Split('/')).Select(parts => new Platform(parts[0], parts[1], parts.ElementAtOrDefault(2)))];

    public bool Keeps(Platform? platform) => platform is not null && _wanted.Any(want => Covers(want, platform));

    /// <summary>True when all of these are wanted and every wanted one is among them.</summary>
    public bool IsExactly(IEnumerable<Descriptor> children)
    {
        var platforms = children.Select(child => child.Platform).ToList();
        return platforms.All(Keeps) && !MissingFrom(platforms).Any();
    }

    /// <summary>The wanted platforms that none of these is.</summary>
    public IEnumerable<Platform> MissingFrom(IReadOnlyCollection<Platform?> offered) =>
        _wanted.Where(want => !offered.Any(offer => offer is not null && Covers(want, offer)));

    private static bool Covers(Platform want, Platform offered)
    {
        var (wanted, there) = (PlatformForm.Normal(want), PlatformForm.Normal(offered));
        return wanted.Os == there.Os && wanted.Architecture == there.Architecture
            && (want.Variant is null || PlatformForm.VariantOf(wanted) == PlatformForm.VariantOf(there));
    }
}
