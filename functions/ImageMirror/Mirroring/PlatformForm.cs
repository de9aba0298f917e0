using Ebb.Oci;

namespace Ebb.ImageMirror.Mirroring;

/// <summary>
/// One form for the several ways in which builders write a platform (containerd/platforms, <c>database.go</c>, normalizeOS and normalizeArch):
/// <c>linux/arm64</c> and <c>linux/arm64/v8</c> are one, and so are <c>linux/arm</c> and <c>linux/arm/v7</c>.
/// </summary>
internal static class PlatformForm
{
    public static Platform Normal(Platform platform)
    {
        var os = platform.Os.ToLowerInvariant();
        var (architecture, variant) = (platform.Architecture.ToLowerInvariant(), platform.Variant?.ToLowerInvariant()) switch
        {
            ("i386", _) => ("386", null),
            ("x86_64" or "x86-64", var given) => ("amd64", given),
            ("aarch64", var given) => ("arm64", given),
            ("armhf", _) => ("arm", "v7"),
            ("armel", _) => ("arm", "v6"),
            var same => same,
        };
        return new Platform(os == "macos" ? "darwin" : os, architecture, WithLetter(architecture, variant));
    }

    /// <summary>The variant, or what it is where none is written.</summary>
    public static string? VariantOf(Platform normal) => normal.Variant ?? normal.Architecture switch
    {
        "arm64" => "v8",
        "arm" => "v7",
        "amd64" => "v1",
        _ => null,
    };

    private static string? WithLetter(string architecture, string? variant) =>
        architecture is "arm" or "arm64" && variant is ['5' or '6' or '7' or '8'] ? $"v{variant}" : variant is "" ? null : variant;
}
