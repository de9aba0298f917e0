using System.Globalization;
using Ebb.Storage.Migrations;

namespace Ebb.Storage.Sqlite;

/// <summary>Brings the database to the version this program knows, each step in a transaction of its own.</summary>
internal static class SqliteMigrations
{
    /// <summary>What says whose database it is (<c>pragma application_id</c>): "Ebb1".</summary>
    private const int ApplicationId = 0x45626231;

    /// <exception cref="HostStorageException">It is newer than this program, or something else's.</exception>
    public static void Apply(SqliteSession session, string path)
    {
        var (application, version) = (Pragma(session, "application_id"), Pragma(session, "user_version"));
        if (application != ApplicationId && (version != 0 || session.Any("select 1 from sqlite_schema")))
            throw new HostStorageException($"{path} is a SQLite database of something else. Name another file (setting Storage), or move this one away.");
        if (version > MigrationScripts.Sqlite.Newest)
        {
            throw new HostStorageException(string.Create(CultureInfo.InvariantCulture,
                $"{path} has version {version}, and this program knows versions up to {MigrationScripts.Sqlite.Newest}: a newer one has written it. ")
                + "Run that one or a later one, or restore a backup from before it.");
        }

        for (; version < MigrationScripts.Sqlite.Newest; version++)
        {
            session.Run(string.Create(
                CultureInfo.InvariantCulture,
                $"begin immediate; {MigrationScripts.Sqlite.After(version)}; pragma application_id = {ApplicationId}; pragma user_version = {version + 1}; commit;"));
        }
    }

    private static int Pragma(SqliteSession session, string name) => (int)session.First($"pragma {name}", static row => row.GetInt64(0));
}
