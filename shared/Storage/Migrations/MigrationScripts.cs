namespace Ebb.Storage.Migrations;

/// <summary>The numbered files that bring a database's schema from one version to the next.</summary>
internal sealed class MigrationScripts
{
    private readonly List<string> _names;

    private MigrationScripts(string database) =>
        _names = [.. typeof(MigrationScripts).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(database + '/', StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    public static MigrationScripts Postgres { get; } = new("postgres");

    public static MigrationScripts Sqlite { get; } = new("sqlite");

    /// <summary>The newest version this program knows.</summary>
    public int Newest => _names.Count;

    /// <summary>The statements that lead from a version to the next one.</summary>
    public string After(int version)
    {
        using var stream = typeof(MigrationScripts).Assembly.GetManifestResourceStream(_names[version])!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
