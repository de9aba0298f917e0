namespace Ebb.Worker;

/// <summary>What becomes of a timer's occurrences that nobody could run when they were due: no process was up.</summary>
public enum CatchUp
{
    /// <summary>Nothing; the next occurrence runs on time.</summary>
    None,

    /// <summary>The newest of them runs, once, whatever the number missed.</summary>
    Last,

    /// <summary>Each of them runs, oldest first, one after the other: the newest <c>CatchUpLimit</c> of them.</summary>
    All,
}
