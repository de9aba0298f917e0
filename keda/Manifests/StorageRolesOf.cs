using Ebb.Storage;
using Ebb.Storage.Roles;

namespace Ebb.Manifests;

/// <summary>The database's role of each workload, from its functions and needs.</summary>
internal static class StorageRolesOf
{
    /// <summary>The scaler's workload, which has no functions.</summary>
    public const string Scaler = "scaler";

    /// <summary>One for each app and the scaler's.</summary>
    public static IReadOnlyList<StorageRole> All(IReadOnlyList<PlannedApp> apps) =>
    [
        .. apps.Select(Of),
        new StorageRole { Name = apps[0].Options.Storage.UserOf(Scaler), Reads = [Gauges.KeyPrefix], Watches = true },
    ];

    private static StorageRole Of(PlannedApp app)
    {
        string[] takes = [.. app.Functions.Select(function => function.Queue).OfType<string>().Distinct().Order(StringComparer.Ordinal)];
        return new StorageRole
        {
            Name = app.Options.Storage.UserOf(app.Name),
            Functions = [.. app.Functions.Select(function => function.Name).Order(StringComparer.Ordinal)],
            Takes = takes,
            Sends = app.Needs.Sends,
            // Of a timer that is off the app says so in its row.
            Timers = [.. app.Functions.Where(function => function.IsTimer).Select(function => function.Name).Concat(app.OffTimers).Order(StringComparer.Ordinal)],
            Writes = app.Needs.Documents,
            Reads = app.Needs.ReadsDocuments,
            // Who serves HTTP shows every run, but must read no message: an app that also takes some shows its own.
            Watches = app.IsDoor && takes.Length == 0,
        };
    }
}
