using Ebb.Contracts.Previews;

namespace Ebb.PrPreview.Names;

/// <summary>
/// A source branch that asks for a preview: <c>preview/&lt;app&gt;/&lt;description&gt;</c>. Only the application's name is ever used; the
/// description is for people and goes nowhere.
/// </summary>
internal static class PreviewBranch
{
    private const string Prefix = "preview/";

    /// <summary>True for branches that mean previews; all others are nobody's business here.</summary>
    public static bool IsMeant(string branch) => branch.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>Reads the application; otherwise <paramref name="problem"/> says what is wrong with a branch that means one.</summary>
    public static bool TryRead(string branch, out AppName app, out string problem)
    {
        app = default;
        problem = "";
        var rest = IsMeant(branch) ? branch[Prefix.Length..] : "";
        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0 || slash == rest.Length - 1)
        {
            problem = "a preview's branch is named preview/<app>/<description>";
        }
        else if (!AppName.TryParse(rest[..slash], out app))
        {
            problem = $"the part of a preview's branch after preview/ is the application's name: {AppName.Rule}";
        }

        return problem.Length == 0;
    }
}
