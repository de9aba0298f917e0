using Ebb.Settings;

namespace Ebb.PrPreview.Settings;

/// <summary>How pull requests from forks are treated: without both of these there is no preview, and even then no secret.</summary>
internal sealed record ForkOptions
{
    /// <summary><c>AllowForks</c>. Default false.</summary>
    public required bool Allowed { get; init; }

    /// <summary><c>ForkLabel</c>: the label by which a maintainer approves the commit that it is set on. Default <c>preview-approved</c>.</summary>
    public required string Label { get; init; }

    public static ForkOptions From(SettingsReader read) => new()
    {
        Allowed = read.Flag("AllowForks"),
        Label = read.Text("ForkLabel", "preview-approved", "the label by which a maintainer approves a commit of a fork"),
    };
}
