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
            problems.Add($"{file} cannot be read: {Sentence.Of(Innermost(unreadable))} Correct it or take it away.");
            return new ConfigurationBuilder().AddEnvironmentVariables().AddCommandLine([.. settings]).Build();
        }
    }

    /// <summary>The <c>host.json</c> in the working directory or, when there is none, beside the executable; null without one.</summary>
    public static string? FindHostJson(string workingDirectory) =>
        Array.Find([Path.Combine(workingDirectory, "host.json"), Path.Combine(AppContext.BaseDirectory, "host.json")], File.Exists);

    private static string Innermost(Exception exception) => exception.GetBaseException().Message;
}
