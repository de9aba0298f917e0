using System.Text.RegularExpressions;
using Ebb.Settings;

namespace Ebb.PrPreview.Settings;

/// <summary>How each preview gets a robot account of its own to pull with, in the Harbor that <c>Image</c> names: <c>HarborRobot:…</c>.</summary>
internal sealed partial record HarborRobotOptions
{
    /// <summary><c>HarborRobot:Project</c>: the project whose repositories previews pull from. Without it no robots are made.</summary>
    public required string Project { get; init; }

    /// <summary><c>HarborRobot:Username</c>: an account that administers the project.</summary>
    public required string Username { get; init; }

    /// <summary><c>HarborRobot:PasswordFile</c>: the file with its password, read at each login.</summary>
    public required string PasswordFile { get; init; }

    /// <summary><c>HarborRobot:CaFile</c>: a PEM file with the CA that Harbor's certificate must chain to. Default: the system's.</summary>
    public string? CaFile { get; init; }

    /// <summary><c>HarborRobot:Days</c>: after how long a robot expires that nobody deleted. Default 30. Renewed in the second half.</summary>
    public required int Days { get; init; }

    private const string ProjectForm = "a project's name such as apps, not only digits: those would be read as its number";

    public static HarborRobotOptions? From(SettingsReader read)
    {
        var isOn = read.Text("HarborRobot:Project", ProjectForm) is not null;
        if (isOn && read.Text("PullSecret", SecretName.Form) is not null)
        {
            read.Problems.Add($"{read.NameOf("PullSecret")} and {read.NameOf("HarborRobot:Project")} are both set; a preview pulls with one secret, so take one of them out.");
        }

        read = isOn ? read : read.Unheard();
        var options = new HarborRobotOptions
        {
            Project = read.Matching("HarborRobot:Project", null, ProjectPattern(), ProjectForm),
            Username = read.Matching("HarborRobot:Username", null, UsernamePattern(), "the name of an account that administers the project, such as robot$ebb"),
            PasswordFile = read.Matching("HarborRobot:PasswordFile", null, FilePattern(), "the full path of a file with the account's password"),
            CaFile = read.Text("HarborRobot:CaFile", "the path of a PEM file with the CA of Harbor's certificate"),
            Days = read.Number("HarborRobot:Days", 30, 1, 3650),
        };
        return isOn ? options : null;
    }

    // goharbor/harbor, src/server/v2.0/handler/project.go.
    [GeneratedRegex(@"\A(?![0-9]+\z)[a-z0-9]+(?:[._-][a-z0-9]+)*\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex ProjectPattern();

    [GeneratedRegex(@"\A[^:\s]{1,255}\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex UsernamePattern();

    [GeneratedRegex(@"\A/.+\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex FilePattern();
}
