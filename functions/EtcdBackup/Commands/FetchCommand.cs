using Ebb.Age;
using Ebb.EtcdBackup.Snapshots;

namespace Ebb.EtcdBackup.Commands;

/// <summary>
/// <c>etcd fetch</c>: writes a snapshot beside its final name, readable by its owner only, verifies it, and only then gives it the name. What is
/// there under the final name is whole, or is not there.
/// </summary>
internal sealed class FetchCommand(SnapshotCatalog catalog, ProgressLine progress, TextWriter output, TextWriter error)
{
    private const int BufferBytes = 256 * 1024;

    /// <exception cref="SnapshotException">There is no such snapshot, or it is not whole.</exception>
    /// <exception cref="AgeException">The identities do not decrypt it.</exception>
    /// <exception cref="IOException">The file is there already, or cannot be written.</exception>
    public async Task RunAsync(string name, IReadOnlyList<string> identityFiles, string path, bool force, CancellationToken cancellationToken)
    {
        var full = Path.GetFullPath(path);
        if (!force && File.Exists(full))
        {
            throw new IOException($"{path} is there already. Give another name, or --force to replace it.");
        }

        var identities = new List<AgeIdentity>();
        try
        {
            foreach (var file in identityFiles)
            {
                var read = await AgeIdentityFile.ReadAsync(file, cancellationToken);
                identities.AddRange(read.Identities);
                foreach (var other in read.PassedOver)
                {
                    await error.WriteLineAsync($"{file}, {other}: it is not used here.");
                }
            }

            var snapshot = await catalog.FindAsync(name, cancellationToken);
            var sha256 = await FetchAsync(snapshot, identities, full, force, cancellationToken);
            await output.WriteLineAsync($"{path}: {snapshot.Name}, {new FileInfo(full).Length} bytes, SHA-256 {sha256}, verified. It holds every Secret of the cluster: delete it when it is restored.");
        }
        finally
        {
            identities.ForEach(identity => identity.Dispose());
        }
    }

    private async Task<string> FetchAsync(StoredSnapshot snapshot, List<AgeIdentity> identities, string path, bool force, CancellationToken cancellationToken)
    {
        var partial = $"{path}.{Guid.NewGuid():N}.part";
        try
        {
            var sha256 = await WriteAsync(snapshot, identities, partial, cancellationToken);
            if (snapshot.Sidecar is { } sidecar && !string.Equals(sha256, sidecar.PlaintextSha256, StringComparison.OrdinalIgnoreCase))
            {
                throw new SnapshotException(SnapshotFailure.Changed, $"{snapshot.Name} holds another database than its sidecar says: SHA-256 {sha256} instead of {sidecar.PlaintextSha256}.");
            }

            File.Move(partial, path, overwrite: force);
            return sha256;
        }
        finally
        {
            await progress.ClearAsync();
            File.Delete(partial);
        }
    }

    private async Task<string> WriteAsync(StoredSnapshot snapshot, List<AgeIdentity> identities, string partial, CancellationToken cancellationToken)
    {
        await using var content = await SnapshotContent.OpenAsync(snapshot, identities, cancellationToken);
        await using var file = new FileStream(partial, FileOptions());
        using var digest = new SnapshotDigest();
        var buffer = new byte[BufferBytes];
        for (int read; (read = await content.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            digest.Append(buffer.AsSpan(0, read));
            await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            await progress.ShowAsync($"{snapshot.Name}: {Shown.Bytes(digest.Length)}{(snapshot.Sidecar is { } sidecar ? $" of {Shown.Bytes(sidecar.PlaintextBytes)}" : "")}");
        }

        var sha256 = digest.Finish();
        await file.FlushAsync(cancellationToken);
        file.Flush(flushToDisk: true);
        return sha256;
    }

    private static FileStreamOptions FileOptions()
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0, Options = System.IO.FileOptions.Asynchronous };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return options;
    }
}
