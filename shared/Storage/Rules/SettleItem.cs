namespace Ebb.Storage.Rules;

/// <summary>One settlement on its way. <see cref="State"/> is the run's next state; running stands for released.</summary>
internal sealed record SettleItem(LeasedMessage Message, RunState State, TimeSpan Delay, RunError? Error, string? Result)
{
    /// <summary>True when no message remains.</summary>
    public bool IsEnd => State is RunState.Succeeded or RunState.Failed;

    public static SettleItem Of(LeasedMessage message, Settlement settlement)
    {
        var item = Read(message, settlement);
        return item with
        {
            Error = item.Error is { } error ? new(StoredText.Clean(error.Type)!, StoredText.Clean(error.Message)!) : null,
            Result = StoredText.Clean(item.Result),
        };
    }

    private static SettleItem Read(LeasedMessage message, Settlement settlement) => settlement switch
    {
        Settlement.Succeeded it => new(message, RunState.Succeeded, default, null, it.Result),
        Settlement.Failed it => new(message, RunState.Failed, default, it.Error, it.Result),
        Settlement.Retried it => new(message, RunState.Queued, it.Delay, it.Error, it.Result),
        Settlement.Poisoned it => new(message, RunState.Poisoned, default, it.Error, it.Result),
        Settlement.Released it => new(message, RunState.Running, it.Delay, null, null),
        _ => throw new ArgumentException($"{settlement.GetType().Name} is no known settlement.", nameof(settlement)),
    };
}
