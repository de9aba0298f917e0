using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Ebb.Contracts.Previews;

namespace Ebb.PrPreview.Names;

/// <summary>
/// The name of a preview's robot account in Harbor: <c>ebb-</c> and the preview's name. Harbor takes no two dashes in a row
/// (goharbor/harbor, src/server/v2.0/handler/robot.go, validateName); such a name has single ones and a hash behind it.
/// </summary>
internal static partial class RobotName
{
    private const int HashDigits = 8;

    public static string For(PreviewName name)
    {
        var single = Dashes().Replace(name.Value, "-");
        return single == name.Value
            ? $"ebb-{single}"
            : $"ebb-{single}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name.Value)))[..HashDigits]}";
    }

    [GeneratedRegex("-{2,}", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Dashes();
}
