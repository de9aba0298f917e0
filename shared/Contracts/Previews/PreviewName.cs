using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Ebb.Contracts.Previews;

/// <summary>
/// The name of a preview: <c>&lt;app&gt;-pr-&lt;number&gt;</c>, the same for its namespace, its Application, its Helm release and the first
/// label of its host name. A long application name is cut, and a hash of the whole one put behind it.
/// </summary>
public readonly record struct PreviewName
{
    /// <summary>The longest name: what Helm takes for a release (53 characters).</summary>
    public const int MaxLength = 53;

    private const int HashDigits = 8;

    private readonly string? _value;

    private PreviewName(string value) => _value = value;

    /// <summary>The name: a DNS label.</summary>
    public string Value => _value ?? "";

    /// <summary>The name for an application and the number of a pull request, from 1.</summary>
    public static PreviewName For(AppName app, int number)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(number, 1);
        if (app == default)
        {
            throw new ArgumentException("There is no preview without an application.", nameof(app));
        }

        var suffix = string.Create(CultureInfo.InvariantCulture, $"-pr-{number}");
        return new PreviewName(Shortened(app.Value, MaxLength - suffix.Length) + suffix);
    }

    /// <inheritdoc/>
    public override string ToString() => Value;

    private static string Shortened(string app, int most)
    {
        if (app.Length <= most)
        {
            return app;
        }

        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(app)))[..HashDigits];
        return $"{app[..(most - HashDigits - 1)].TrimEnd('-')}-{hash}";
    }
}
