using System.Diagnostics.CodeAnalysis;

namespace Ebb.Storage.Sqlite;

/// <summary>The file that the <c>Storage</c> setting names.</summary>
/// <param name="Path">The database.</param>
/// <param name="OldSetting">The setting as earlier versions had it, a directory; null when it is <c>sqlite:</c>.</param>
internal sealed record EmbeddedAddress(string Path, string? OldSetting)
{
    private const string Prefix = "sqlite:";
    private const string OldPrefix = "file:";
    private const string OldName = "ebb.db";

    public string Directory => System.IO.Path.GetDirectoryName(Path)!;

    /// <summary>Reads <c>sqlite:&lt;file&gt;</c>, and <c>file:&lt;directory&gt;</c> as the file <c>ebb.db</c> in it.</summary>
    public static bool TryRead(string storage, [NotNullWhen(true)] out EmbeddedAddress? address)
    {
        address = null;
        if (storage.StartsWith(Prefix, StringComparison.Ordinal))
        {
            // What a database in memory, or one with parameters, would be called.
            if (storage[Prefix.Length..] is { Length: > 0 } file && !file.StartsWith(':') && !file.StartsWith("//", StringComparison.Ordinal) && !file.EndsWith('/'))
                address = new(System.IO.Path.GetFullPath(file), null);
        }
        else if (storage.StartsWith(OldPrefix, StringComparison.Ordinal) && storage.Length > OldPrefix.Length)
        {
            address = new(System.IO.Path.GetFullPath(System.IO.Path.Combine(storage[OldPrefix.Length..], OldName)), storage);
        }

        return address is not null;
    }
}
