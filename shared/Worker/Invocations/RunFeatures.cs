using System.Collections;
using Microsoft.Azure.Functions.Worker;

namespace Ebb.Worker.Invocations;

/// <summary>The features of a run: what middleware puts there, the run itself, and what <c>GetInvocationResult()</c> needs, made when asked for.</summary>
internal sealed class RunFeatures(RunContext context) : IInvocationFeatures
{
    private readonly Dictionary<Type, object> _features = [];

    /// <summary>The feature behind <c>GetInvocationResult()</c>; null while nobody has asked for it.</summary>
    public object? Bindings { get; private set; }

    public void Set<T>(T instance)
    {
        ArgumentNullException.ThrowIfNull(instance);
        _features[typeof(T)] = instance;
    }

    public T? Get<T>()
    {
        if (_features.TryGetValue(typeof(T), out var known))
        {
            return (T)known;
        }

        if (context is T run)
        {
            return run;
        }

        return WorkerInternals.IsBindings(typeof(T)) ? (T)GetBindings() : default;
    }

    public IEnumerator<KeyValuePair<Type, object>> GetEnumerator() => _features.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private object GetBindings()
    {
        if (Bindings is null)
        {
            var result = context.Result;
            Bindings = WorkerInternals.CreateBindings(context);
            context.Result = result;
        }

        return Bindings;
    }
}
