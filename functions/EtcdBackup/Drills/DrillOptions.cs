using Ebb.EtcdBackup.Configuration;
using Ebb.Settings;
using Microsoft.Extensions.Configuration;

namespace Ebb.EtcdBackup.Drills;

/// <summary>What drills need beyond the store, from the section <c>EtcdBackup</c>.</summary>
public sealed record DrillOptions
{
    /// <summary>
    /// A file with the age identity that decrypts (<c>EtcdBackup:AgeIdentityFile</c>). Null, or one that does not exist: encrypted snapshots are
    /// compared with their sidecar, nothing in them is checked, and the drill ends as <c>unopened</c>. Read in each run.
    /// </summary>
    public string? AgeIdentityFile { get; init; }

    /// <summary>
    /// Where the database lies, sealed, while it is checked (<c>EtcdBackup:SpoolDirectory</c>): it needs the size of the database.
    /// Default the system's directory for temporary files.
    /// </summary>
    public string SpoolDirectory { get; init; } = Path.GetTempPath();

    /// <summary>
    /// Where snapshots are restored by etcdutl (<c>EtcdBackup:DrillRestoreDirectory</c>). This writes the database in the clear, twice its
    /// size, until the drill ends: give it a directory in memory (tmpfs) or on an encrypted disk. Null (default): no restore.
    /// </summary>
    public string? RestoreDirectory { get; init; }

    /// <summary>The program (<c>EtcdBackup:EtcdutlPath</c>). Default <c>etcdutl</c> on the PATH. Used only with <see cref="RestoreDirectory"/>.</summary>
    public string EtcdutlPath { get; init; } = "etcdutl";

    /// <summary>Reads them; every problem is added.</summary>
    public static DrillOptions From(IConfiguration configuration, ICollection<string> problems)
    {
        var read = new SettingsReader(configuration, problems, EtcdBackupOptions.Section);
        var options = new DrillOptions
        {
            AgeIdentityFile = read.Text("AgeIdentityFile", "the path of a file with the age identity that decrypts"),
            SpoolDirectory = read.Text("SpoolDirectory", "a full path with room for the database; the system's directory for temporary files where nothing is said") ?? Path.GetTempPath(),
            RestoreDirectory = read.Text("DrillRestoreDirectory", "a full path in memory or on an encrypted disk"),
            EtcdutlPath = read.Text("EtcdutlPath", "etcdutl", "the program etcdutl"),
        };
        foreach (var (key, directory) in new[] { ("SpoolDirectory", options.SpoolDirectory), ("DrillRestoreDirectory", options.RestoreDirectory) })
        {
            if (directory is not null && !Path.IsPathFullyQualified(directory))
            {
                read.Wrong(key, directory, "a full path such as /var/spool/ebb", 0);
            }
        }

        return options;
    }
}
