using Ebb.Worker.Configuration;
using Ebb.Worker.Hosting;

namespace Ebb.Worker;

/// <summary>What a listener may know of its host.</summary>
public sealed class TriggerHost
{
    private readonly HostState _state;

    internal TriggerHost(HostState state, HostOptions options) => (_state, Options) = (state, options);

    /// <summary>The settings of host.json.</summary>
    public HostOptions Options { get; }

    /// <summary>The clock.</summary>
    public TimeProvider Time => _state.Time;

    /// <summary>Names this process.</summary>
    public string InstanceId => _state.InstanceId;

    /// <summary>Cancelled when no new work is to be taken.</summary>
    public CancellationToken Taking => _state.Taking;

    /// <summary>Cancelled when the grace of a stop is over and what runs is handed back: nothing waits for a server any more.</summary>
    public CancellationToken GraceOver => _state.GraceOver;
}
