using System.Text.RegularExpressions;

namespace Ebb.SecretBump.Tests.Servers;

/// <summary>The policy of bumps in infra/docs/vault.md, as the server's tokens take it.</summary>
internal static partial class DocumentedPolicy
{
    public static IReadOnlyList<string> Lines { get; } = Read(Path.Combine(AppContext.BaseDirectory, "vault.md"));

    private static List<string> Read(string guide)
    {
        var lines = PathLine().Matches(File.ReadAllText(guide))
            .Select(line => $"{line.Groups["capabilities"].Value.Replace("\"", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal)} {line.Groups["path"].Value}")
            .ToList();
        return lines.Count > 0 ? lines : throw new InvalidOperationException($"{guide} has no policy.");
    }

    [GeneratedRegex("""^path "(?<path>[^"]+)"\s+\{ capabilities = \[(?<capabilities>[^\]]+)\] \}""", RegexOptions.Multiline)]
    private static partial Regex PathLine();
}
