namespace Ebb.TestServers.Etcd;

/// <summary>What goes wrong with a snapshot under way.</summary>
public enum SnapshotFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The call ends with OK although not everything was sent (Talos' chunker hides read errors so).</summary>
    EndsEarly,

    /// <summary>The call ends with INTERNAL.</summary>
    Fails,

    /// <summary>The call ends without saying how.</summary>
    EndsWithoutStatus,

    /// <summary>A message is announced that is longer than any snapshot's piece may be, and does not come.</summary>
    AnnouncesTooMuch,

    /// <summary>A message comes that is none of protobuf.</summary>
    SendsGarbage,

    /// <summary>A message comes that is short and unpacks to a gigabyte.</summary>
    SendsABomb,

    /// <summary>The stream is reset.</summary>
    Resets,

    /// <summary>The connection is cut.</summary>
    Cuts,

    /// <summary>Nothing more is sent, and the call does not end.</summary>
    Stalls,

    /// <summary>Empty pieces are sent for ever (etcd, when writing fails on its side).</summary>
    SendsEmptyPieces,

    /// <summary>A message with <c>metadata.error</c> is sent, and the call ends with OK (Talos, when a node behind the endpoint fails).</summary>
    ReportsAnError,
}
