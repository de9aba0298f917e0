using System.Buffers.Binary;
using System.Text.Json;
using Ebb.Storage.State;
using Microsoft.Win32.SafeHandles;

namespace Ebb.Storage.File;

/// <summary>The journal of a file store.</summary>
internal sealed class Journal : IAsyncDisposable
{
    private readonly SafeFileHandle _file;
    private long _length;

    private Journal(SafeFileHandle file) => _file = file;

    public static Journal Open(string path) =>
        new(System.IO.File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));

    public IEnumerable<JournalEntry> Replay()
    {
        var header = new byte[4];
        while (RandomAccess.Read(_file, header, _length) == header.Length)
        {
            var payload = new byte[BinaryPrimitives.ReadInt32LittleEndian(header)];
            if (RandomAccess.Read(_file, payload, _length + header.Length) < payload.Length)
                break;
            _length += header.Length + payload.Length;
            yield return JsonSerializer.Deserialize(payload, JournalJson.Default.JournalEntry)!;
        }
        RandomAccess.SetLength(_file, _length);
    }

    public void Append(IReadOnlyList<JournalEntry> entries)
    {
        using var buffer = new MemoryStream();
        var header = new byte[4];
        foreach (var entry in entries)
        {
            var payload = JsonSerializer.SerializeToUtf8Bytes(entry, JournalJson.Default.JournalEntry);
            BinaryPrimitives.WriteInt32LittleEndian(header, payload.Length);
            buffer.Write(header);
            buffer.Write(payload);
        }
        RandomAccess.Write(_file, buffer.GetBuffer().AsSpan(0, (int)buffer.Length), _length);
        _length += buffer.Length;
    }

    public Task CommitAsync()
    {
        RandomAccess.FlushToDisk(_file);
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        _file.Dispose();
        return ValueTask.CompletedTask;
    }
}
