namespace Ebb.Storage.State;

/// <summary>A run in the state, with its message as long as there is one.</summary>
internal sealed class RunEntry(Run run, long order)
{
    public Run Run { get; set; } = run;

    /// <summary>Its position among all runs, by creation.</summary>
    public long Order { get; } = order;

    /// <summary>Its position among the runs that ended for good and may be dropped; null for others.</summary>
    public long? EndOrder { get; set; }

    public Message? Message { get; set; }

    public static Comparer<RunEntry> ByOrder { get; } =
        Comparer<RunEntry>.Create(static (left, right) => left.Order.CompareTo(right.Order));

    public static Comparer<RunEntry> ByEnd { get; } =
        Comparer<RunEntry>.Create(static (left, right) => Nullable.Compare(left.EndOrder, right.EndOrder));
}
