using Ebb.Storage.State;

namespace Ebb.Storage.File;

/// <summary>What an operation stores, and what its caller gets once that is applied.</summary>
internal sealed record Decision<T>(IReadOnlyList<JournalEntry> Entries, Func<StoreState, T> Result)
{
    /// <summary>One entry or none.</summary>
    public static Decision<T> Of(JournalEntry? entry, T result) => new(entry is null ? [] : [entry], _ => result);
}
