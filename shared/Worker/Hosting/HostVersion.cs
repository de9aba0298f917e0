namespace Ebb.Worker.Hosting;

/// <summary>The version of the runtime.</summary>
internal static class HostVersion
{
    public static string Text { get; } = typeof(HostVersion).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";
}
