namespace Ebb.ObjectStore;

/// <summary>What came out of a try.</summary>
public enum ProbeSupport
{
    /// <summary>It works.</summary>
    Works,

    /// <summary>It does not.</summary>
    Missing,

    /// <summary>It could not be tried, because something before it failed or these credentials may not ask.</summary>
    Unknown,
}
