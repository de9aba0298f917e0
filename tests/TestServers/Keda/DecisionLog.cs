namespace Ebb.TestServers.Keda;

/// <summary>What was decided so far, in order.</summary>
public sealed class DecisionLog(TimeProvider time, Action<Decision>? listener = null)
{
    private readonly Lock _gate = new();
    private readonly List<Decision> _decisions = [];

    public IReadOnlyList<Decision> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _decisions];
            }
        }
    }

    /// <summary>Changes of replicas, as "0→1".</summary>
    public IReadOnlyList<string> ScalingOf(string deployment) =>
        [.. All.Where(one => one.Kind == DecisionKind.Scaled && one.Deployment == deployment).Select(one => $"{one.From}→{one.To}")];

    public override string ToString() => string.Join('\n', All);

    internal void Scaled(string deployment, int from, int to, string why) => Add(DecisionKind.Scaled, deployment, from, to, why);

    internal void Note(DecisionKind kind, string deployment, string what) => Add(kind, deployment, null, null, what);

    private void Add(DecisionKind kind, string deployment, int? from, int? to, string why)
    {
        lock (_gate)
        {
            var decision = new Decision(time.GetUtcNow(), deployment, kind, from, to, why);
            _decisions.Add(decision);
            listener?.Invoke(decision);
        }
    }
}
