namespace Ebb.Storage.Sqlite;

/// <summary>Where a message is: the column <c>place</c>.</summary>
internal enum MessagePlace
{
    /// <summary>It can be taken.</summary>
    Ready,

    /// <summary>It waits for its time.</summary>
    Delayed,

    /// <summary>It waits for its predecessor with the same sequence key.</summary>
    Behind,

    /// <summary>It is in the poison queue.</summary>
    Poisoned,

    /// <summary>It is under a lease.</summary>
    Leased,
}
