using Ebb.Age;

namespace Ebb.EtcdBackup.Drills;

/// <summary>The identities that a drill decrypts with. Read in each run: the Secret may come, change and go.</summary>
internal static class DrillIdentities
{
    /// <summary>The file's identities; null where there is none, which leaves an encrypted snapshot unopened.</summary>
    /// <exception cref="SnapshotException">There is a file, and it cannot be used.</exception>
    public static async Task<AgeIdentityFile?> ReadAsync(string? file, CancellationToken cancellationToken)
    {
        try
        {
            return file is null ? null : await AgeIdentityFile.ReadAsync(file, cancellationToken);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
        {
            throw new SnapshotException(SnapshotFailure.ConfigurationFile, $"The identity that decrypts (EtcdBackup:AgeIdentityFile) cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Why there is none.</summary>
    public static string Missing(string? file) => file is null ? "EtcdBackup:AgeIdentityFile is not set" : $"{file} (EtcdBackup:AgeIdentityFile) does not exist";
}
