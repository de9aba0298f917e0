using System.Buffers;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ebb.Storage.Sqlite;

/// <summary>
/// The exclusive right to a directory: an advisory lock on <c>lock</c> that the system itself lets go when the process
/// ends, however it ends. Who holds it stands in <c>owner.json</c>, for people.
/// </summary>
internal sealed class DirectoryLock : IDisposable
{
    private const string LockName = "lock";
    private const string OwnerName = "owner.json";

    // EWOULDBLOCK, and ERROR_SHARING_VIOLATION.
    private const int Taken = 11;
    private const int TakenOnMac = 35;
    private const int TakenOnWindows = 32;

    private readonly FileStream _lock;
    private readonly string _owner;

    private DirectoryLock(FileStream @lock, string owner) => (_lock, _owner) = (@lock, owner);

    /// <summary>Whether it is one of the files of a lock.</summary>
    public static bool Owns(string file) => Path.GetFileName(file) is LockName or OwnerName;

    /// <exception cref="HostStorageException">Another process holds the directory.</exception>
    public static DirectoryLock Take(string directory, string? adminUrl, TimeProvider time)
    {
        var owner = Path.Combine(directory, OwnerName);
        var stream = TryLock(Path.Combine(directory, LockName)) ?? throw InUse(directory, owner);
        try
        {
            var me = new LockOwner(Environment.ProcessId, Environment.MachineName, time.GetUtcNow(), adminUrl);
            using var words = PrivateFiles.Open(owner, FileMode.Create, FileShare.Read);
            words.Write(Encode(me));
            return new(stream, owner);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        // First the words, then the lock: the other way round would delete those of the next holder.
        try
        {
            File.Delete(_owner);
        }
        catch (IOException)
        {
            // Only words; the next holder overwrites them.
        }
        _lock.Dispose();
    }

    private static FileStream? TryLock(string path)
    {
        try
        {
            return PrivateFiles.Open(path, FileMode.OpenOrCreate, FileShare.None);
        }
        catch (IOException e) when ((e.HResult & 0xFFFF) is Taken or TakenOnMac or TakenOnWindows)
        {
            return null;
        }
    }

    private static HostStorageException InUse(string directory, string ownerFile)
    {
        var who = ReadOwner(ownerFile) is { } owner
            ? string.Create(CultureInfo.InvariantCulture, $"process {owner.Pid} on {owner.Host} since {owner.Since:u}")
                + (owner.AdminUrl is { } url ? $", admin endpoint {url}" : "")
            : "another process";
        return new(
            $"Host storage {directory} is in use by {who}. A directory serves one process at a time: stop that one, ask it through "
            + "its admin endpoint, or let this one use another directory (setting Storage).");
    }

    // By hand: building the metadata costs every start more than the rest of taking the lock.
    private static byte[] Encode(LockOwner owner)
    {
        var json = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(json);
        writer.WriteStartObject();
        writer.WriteNumber("pid"u8, owner.Pid);
        writer.WriteString("host"u8, owner.Host);
        writer.WriteString("since"u8, owner.Since);
        writer.WriteString("adminUrl"u8, owner.AdminUrl);
        writer.WriteEndObject();
        writer.Flush();
        return json.WrittenSpan.ToArray();
    }

    private static LockOwner? ReadOwner(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllText(path), LockOwnerJson.Default.LockOwner);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }
}

/// <summary>Who holds a directory.</summary>
internal sealed record LockOwner(int Pid, string Host, DateTimeOffset Since, string? AdminUrl);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(LockOwner))]
internal sealed partial class LockOwnerJson : JsonSerializerContext;
