namespace Ebb.Worker;

/// <summary>Listens for triggers that host storage does not carry. An app registers one in its services.</summary>
public interface ITriggerListener
{
    /// <summary>Whether triggers of that kind are this listener's.</summary>
    bool Handles(TriggerDefinition trigger);

    /// <summary>
    /// Takes messages until <see cref="TriggerHost.Taking"/> is cancelled, then completes when the last of them is settled.
    /// </summary>
    /// <param name="host">The host.</param>
    /// <param name="functions">The functions whose triggers are this listener's; at least one.</param>
    Task RunAsync(TriggerHost host, IReadOnlyList<TriggeredFunction> functions);
}
