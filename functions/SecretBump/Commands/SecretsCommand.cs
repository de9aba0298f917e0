using System.CommandLine;
using System.Text.Json;
using Ebb.Contracts.Secrets;
using Microsoft.Extensions.Configuration;

namespace Ebb.SecretBump.Commands;

/// <summary><c>secrets bump|rollback|versions</c> ask a running door, <c>secrets diff</c> asks the store.</summary>
internal sealed class SecretsCommand : Command
{
    private readonly Option<string?> _url = new("--url") { Description = "The door, such as http://127.0.0.1:8080.", DefaultValueFactory = _ => "http://127.0.0.1:8080" };
    private readonly Option<string?> _keyFile = new("--key-file") { Description = "The file that holds the function key." };
    private readonly Option<string> _wait = new("--wait") { Description = "How long to wait for the outcome, such as 60s; 230 s at most.", DefaultValueFactory = _ => "230s" };
    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Only say what would be done." };
    private readonly Argument<string> _application = new("application") { Description = "The application." };
    private readonly Argument<string> _environment = new("environment") { Description = "The environment." };

    public SecretsCommand(IConfiguration configuration)
        : base("secrets", "Bring a tag into an application's secrets, go back, see and compare versions.")
    {
        Add(Bump());
        Add(Rollback());
        Add(Versions());
        Add(DiffCommand.Create(configuration));
    }

    private Command Bump()
    {
        var tag = new Argument<string>("tag") { Description = "The new tag." };
        var environments = new Option<string[]>("--environment") { Description = "An environment; may be given several times. Default: as configured.", AllowMultipleArgumentsPerToken = true };
        var build = new Option<string?>("--build") { Description = "The build that made it." };
        var commit = new Option<string?>("--commit") { Description = "The commit it was built from." };
        var command = new Command("bump", "Write a new tag and follow it to healthy pods.") { _application, tag, environments, build, commit, _dryRun };
        return Asking(command, (door, parsed, token) => door.PostAsync(
            "bump",
            new BumpRequest
            {
                Application = parsed.GetValue(_application)!,
                NewTag = parsed.GetValue(tag)!,
                Environments = parsed.GetValue(environments) is { Length: > 0 } named ? named : null,
                Build = parsed.GetValue(build),
                Commit = parsed.GetValue(commit),
                DryRun = parsed.GetValue(_dryRun),
            },
            parsed.GetValue(_wait)!,
            token));
    }

    private Command Rollback()
    {
        var to = new Argument<string>("to") { Description = "A tag, or the number of a version." };
        var noPin = new Option<bool>("--no-pin") { Description = "Let the next bump change it again." };
        var reason = new Option<string?>("--reason") { Description = "Why, for those who meet the pin." };
        var command = new Command("rollback", "Restore an earlier version as a new one, and pin it.") { _application, _environment, to, noPin, reason, _dryRun };
        return Asking(command, (door, parsed, token) => door.PostAsync(
            "rollback",
            new RollbackRequest
            {
                Application = parsed.GetValue(_application)!,
                Environment = parsed.GetValue(_environment)!,
                To = parsed.GetValue(to)!,
                Pin = !parsed.GetValue(noPin),
                Reason = parsed.GetValue(reason),
                DryRun = parsed.GetValue(_dryRun),
            },
            parsed.GetValue(_wait)!,
            token));
    }

    private Command Versions()
    {
        var refresh = new Option<bool>("--refresh") { Description = "Have the store looked at first." };
        var command = new Command("versions", "The versions that can be deployed.") { _application, _environment, refresh };
        return Asking(command, (door, parsed, token) => door.GetAsync(
            $"api/apps/{Uri.EscapeDataString(parsed.GetValue(_application)!)}/{Uri.EscapeDataString(parsed.GetValue(_environment)!)}/versions"
            + (parsed.GetValue(refresh) ? $"?refresh=true&wait={Uri.EscapeDataString(parsed.GetValue(_wait)!)}" : ""),
            token));
    }

    private Command Asking(Command command, Func<DoorClient, ParseResult, CancellationToken, Task<(bool Succeeded, string Body)>> ask)
    {
        command.Add(_url);
        command.Add(_keyFile);
        command.Add(_wait);
        command.SetAction(async (parsed, token) =>
        {
            var console = parsed.InvocationConfiguration;
            try
            {
                using var door = DoorClient.Open(parsed.GetValue(_url)!, parsed.GetValue(_keyFile));
                var (succeeded, body) = await ask(door, parsed, token);
                await (succeeded ? console.Output : console.Error).WriteLineAsync(body.AsMemory(), token);
                return succeeded ? 0 : 1;
            }
            catch (Exception e) when (e is HttpRequestException or IOException or UnauthorizedAccessException or UriFormatException or JsonException)
            {
                await console.Error.WriteLineAsync($"{parsed.GetValue(_url)} cannot be asked: {e.Message}".AsMemory(), token);
                return 1;
            }
        });
        return command;
    }
}
