namespace Ebb.EndToEnd.Tests.Servers;

/// <summary>Every file of a registry's storage with its size and time of change.</summary>
internal static class RegistrySnapshot
{
    public static IReadOnlyList<string> Of(string folder) =>
    [
        .. new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories)
            .Select(file => $"{Path.GetRelativePath(folder, file.FullName)} {file.Length} {file.LastWriteTimeUtc.Ticks}")
            .Order(StringComparer.Ordinal),
    ];
}
