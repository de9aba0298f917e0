using Microsoft.Extensions.Configuration;

namespace Ebb.Worker.Configuration;

/// <summary>
/// The layers of configuration, each overruling the one before: the apps' defaults, <c>appsettings.json</c> in the working
/// directory, environment variables (<c>ImageMirror__Schedule</c>), the command line (<c>--ImageMirror:Schedule=…</c>).
/// </summary>
internal static class HostConfiguration
{
    public static IConfiguration Build(
        IReadOnlyList<IFunctionApp> apps, IReadOnlyList<string> settings, string workingDirectory, List<string> problems)
    {
        var builder = new ConfigurationBuilder().AddInMemoryCollection(apps.SelectMany(app => app.DefaultSettings));
        var file = Path.Combine(workingDirectory, "appsettings.json");
        if (File.Exists(file))
        {
            builder.AddJsonFile(file, optional: false, reloadOnChange: false);
        }

        builder.AddEnvironmentVariables().AddCommandLine([.. settings]);
        try
        {
            return builder.Build();
        }
        catch (Exception unreadable) when (unreadable is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            problems.Add($"{file} cannot be read: {Innermost(unreadable)} Correct it or take it away.");
            return new ConfigurationBuilder().AddEnvironmentVariables().AddCommandLine([.. settings]).Build();
        }
    }

    /// <summary>Reads <c>host.json</c> in the working directory or, when there is none, beside the executable.</summary>
    public static HostOptionsResult LoadHostJson(string workingDirectory)
    {
        var here = Path.Combine(workingDirectory, "host.json");
        var beside = Path.Combine(AppContext.BaseDirectory, "host.json");
        return File.Exists(here) || !File.Exists(beside)
            ? File.Exists(here) ? HostOptionsLoader.Load(here) : new(new HostOptions(), [], [])
            : HostOptionsLoader.Load(beside);
    }

    private static string Innermost(Exception exception) => exception.GetBaseException().Message;
}
