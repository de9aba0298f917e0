using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Ebb.Signing;

/// <summary>
/// A version of Kyverno, as far as it decides which policy works there without the internet: up to 1.18 an <c>ImageValidatingPolicy</c> fetches
/// Sigstore's trust root even where no log is asked (Kyverno 1.17.1, imageverifiers/cosign/opts.go) and refuses every image where it cannot;
/// <c>ClusterPolicy</c> is deprecated since 1.17 and planned to go with 1.20.
/// </summary>
public readonly partial record struct KyvernoVersion
{
    /// <summary>The oldest version for which a policy can be printed: 1.13, the first with <c>failureAction</c> in a rule.</summary>
    public static KyvernoVersion Oldest { get; } = new(13);

    /// <summary>The first version whose <c>ImageValidatingPolicy</c> needs no internet: 1.19.</summary>
    public static KyvernoVersion FirstWithImageValidatingPolicy { get; } = new(19);

    private readonly int _minor;

    private KyvernoVersion(int minor) => _minor = minor;

    /// <summary>True when the policy for it is an <c>ImageValidatingPolicy</c>, else it is a <c>ClusterPolicy</c>.</summary>
    public bool ReadsBundles => _minor >= FirstWithImageValidatingPolicy._minor;

    /// <summary>Reads <c>1.18</c>, <c>1.18.2</c> or <c>v1.18.2</c>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="version">The version.</param>
    /// <param name="problem">What is wrong, where it cannot be read or is too old.</param>
    public static bool TryParse(string? text, out KyvernoVersion version, [NotNullWhen(false)] out string? problem)
    {
        var match = Form().Match(text ?? "");
        version = match.Success ? new KyvernoVersion(int.Parse(match.Groups["minor"].Value, CultureInfo.InvariantCulture)) : default;
        problem = !match.Success ? $"'{text}' is no version of Kyverno; write one such as 1.18."
            : version._minor < Oldest._minor ? $"'{text}' is older than {Oldest}, the oldest Kyverno for which there is a policy."
            : null;
        return problem is null;
    }

    /// <summary>
    /// Why images that are signed in these formats are refused by the policy for this version; null when they are not. A <c>ClusterPolicy</c>
    /// of type Cosign reads <c>.sig</c> tags alone.
    /// </summary>
    public string? FindProblem(IReadOnlyList<SignatureFormat> formats)
    {
        ArgumentNullException.ThrowIfNull(formats);
        return ReadsBundles || formats.Contains(SignatureFormat.Cosign)
            ? null
            : $"Signing:Formats lacks cosign, the only format that the ClusterPolicy for Kyverno {this} reads: it would refuse every image. "
              + $"Add cosign to Signing:Formats and mirror again, or move to Kyverno {FirstWithImageValidatingPolicy}.";
    }

    /// <inheritdoc/>
    public override string ToString() => $"1.{_minor.ToString(CultureInfo.InvariantCulture)}";

    [GeneratedRegex(@"\Av?1\.(?<minor>[0-9]{1,4})(?:\.[0-9]{1,6})?\z", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Form();
}
