using System.CommandLine;
using Ebb.Settings;

namespace Ebb.Worker.Commands;

/// <summary>The options <c>--url</c> and <c>--key-file</c>: ask a running host instead of opening its storage.</summary>
internal sealed class RemoteOptions
{
    private readonly Option<string?> _url = new("--url") { Description = "Ask the host that runs at this address, such as http://127.0.0.1:8080." };

    private readonly Option<string?> _keyFile = new("--key-file") { Description = "The file that holds the key for --url." };

    public RemoteOptions(params IReadOnlyList<Command> commands)
    {
        foreach (var command in commands)
        {
            command.Options.Add(_url);
            command.Options.Add(_keyFile);
        }
    }

    /// <summary>A client for the running host; null when storage is to be opened here.</summary>
    public RemoteHost? Connect(ParseResult parsed)
    {
        var keyFile = parsed.GetValue(_keyFile);
        if (parsed.GetValue(_url) is not { } url)
        {
            return keyFile is null ? null : throw new UsageException("--key-file needs --url: it is the key for a running host.");
        }

        return Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? new RemoteHost(address, keyFile is null ? null : SecretFile.ReadLine(keyFile, "--key-file", (message, _) => new UsageException(message)))
            : throw new UsageException($"--url is '{url}'; it must be an address such as http://127.0.0.1:8080.");
    }
}
