namespace Ebb.SecretBump.Reports;

/// <summary>Notes the steps of one environment as they are made, and tells those who watch the run.</summary>
internal sealed class StepLog(string place, Action<string> progress, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly List<Step> _steps = [];
    private long _began = time.GetTimestamp();

    /// <summary>The steps so far.</summary>
    public IReadOnlyList<Step> Steps
    {
        get
        {
            lock (_gate)
            {
                return [.. _steps];
            }
        }
    }

    /// <summary>Notes a step that began when the one before it ended.</summary>
    public void Done(string name, string detail)
    {
        lock (_gate)
        {
            _steps.Add(new Step(name, time.GetUtcNow(), time.GetElapsedTime(_began), detail));
            _began = time.GetTimestamp();
        }

        progress($"{place}: {detail}");
    }

    /// <summary>Says what is waited for.</summary>
    public void Waiting(string detail) => progress($"{place}: {detail}");
}
