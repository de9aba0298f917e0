using Microsoft.Extensions.Logging;

namespace Ebb.Worker;

/// <summary>What a host takes from the process it runs in.</summary>
public sealed record HostEnvironment
{
    /// <summary>Where <c>host.json</c> and <c>appsettings.json</c> are looked for first. Default: the current directory.</summary>
    public string WorkingDirectory { get; init; } = Environment.CurrentDirectory;

    /// <summary>Where results are written. Default: standard output.</summary>
    public TextWriter Output { get; init; } = Console.Out;

    /// <summary>Where problems are written. Default: standard error.</summary>
    public TextWriter Error { get; init; } = Console.Error;

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Where logs go instead of the console, as JSON lines.</summary>
    public ILoggerProvider? LoggerProvider { get; init; }
}
