namespace Ebb.Worker.Http;

/// <summary>The paths the runtime answers itself.</summary>
internal static class ReservedRoutes
{
    public const string Runs = "/api/runs";

    public const string Listed = "/api/runs, /admin, /healthz";

    public static bool Holds(string route) =>
        IsUnder(route, Runs) || IsUnder(route, "/admin") || IsUnder(route, "/healthz");

    private static bool IsUnder(string route, string root) =>
        string.Equals(route, root, StringComparison.OrdinalIgnoreCase)
        || route.StartsWith($"{root}/", StringComparison.OrdinalIgnoreCase);
}
