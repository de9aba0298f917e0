namespace Ebb.Storage.File;

/// <summary>What must be durable before the caller of an operation is answered.</summary>
internal enum Durability
{
    /// <summary>Nothing: what was written survives the end of the process.</summary>
    OfNone,

    /// <summary>What others still wait for, since the answer rests on it; not what this operation wrote.</summary>
    OfOthers,

    /// <summary>Everything, what this operation wrote included.</summary>
    OfAll,
}
