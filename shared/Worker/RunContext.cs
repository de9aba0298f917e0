using System.Diagnostics;
using Ebb.Storage;
using Ebb.Worker.Invocations;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Ebb.Worker;

/// <summary>
/// The <see cref="FunctionContext"/> of a run. Functions take the base class, and ask it for a run's own things by
/// <see cref="FunctionContextExtensions"/>; tests of functions create one.
/// </summary>
public sealed class RunContext : FunctionContext
{
    // As Microsoft.Azure.Functions.Worker.Extensions.Http.AspNetCore writes it: there GetHttpContext() looks for it.
    private const string HttpContextKey = "HttpRequestContext";

    private IDictionary<object, object>? _items;
    private RunFeatures? _features;
    private RunBindings? _bindings;

    /// <summary>The run.</summary>
    public required RunId RunId { get; init; }

    /// <summary>The function.</summary>
    public required IndexedFunction Function { get; init; }

    /// <summary>The services of this invocation's scope.</summary>
    public override required IServiceProvider InstanceServices { get; set; }

    /// <summary>What the trigger brought: an <c>HttpContext</c>, a <c>TimerInfo</c>, or the <see cref="LeasedMessage"/>.</summary>
    public required object TriggerData { get; init; }

    /// <summary>What <see cref="CancellationToken"/> gives.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>How often this invocation was retried, from 0.</summary>
    public int RetryCount { get; init; }

    /// <summary>How often it is retried at most; -1 without end.</summary>
    public int MaxRetryCount { get; init; }

    /// <summary>Who asked, as <see cref="CallerNames"/> writes it; null when nobody did.</summary>
    public string? Caller { get; init; }

    /// <summary>What the caller may act on.</summary>
    public CallerScope Scope { get; init; } = CallerScope.Everything;

    /// <summary>When the message was accepted that started it; null when none did.</summary>
    public DateTimeOffset? EnqueuedAt => (TriggerData as LeasedMessage)?.EnqueuedAt;

    /// <summary>The moment a timer's run was due; null when no occurrence started it.</summary>
    public DateTimeOffset? Occurrence { get; init; }

    /// <summary>The span of this invocation, if anyone listens.</summary>
    public Activity? Activity { get; init; }

    /// <summary>Tells those who watch the run where it stands. Keeps only the newest line; never fails.</summary>
    public Action<string> ReportProgress { get; init; } = static _ => { };

    /// <summary>What the function returned.</summary>
    internal object? Result
    {
        get => _features?.Bindings is null ? field : this.GetInvocationResult().Value;
        set
        {
            field = value;
            if (_features?.Bindings is not null)
            {
                this.GetInvocationResult().Value = value;
            }
        }
    }

    /// <summary>The run's id as text, as Azure Functions has it.</summary>
    public override string InvocationId => RunId.ToString();

    /// <inheritdoc/>
    public override string FunctionId => Function.Id;

    /// <inheritdoc/>
    public override FunctionDefinition FunctionDefinition => Function;

    /// <inheritdoc/>
    public override TraceContext TraceContext => Bindings.Trace;

    /// <inheritdoc/>
    public override BindingContext BindingContext => Bindings.Data;

    /// <inheritdoc/>
    public override RetryContext RetryContext => Bindings.Retry;

    /// <inheritdoc/>
    public override IDictionary<object, object> Items
    {
        get => _items ??= TriggerData is HttpContext http ? new Dictionary<object, object> { [HttpContextKey] = http } : [];
        set => _items = value;
    }

    /// <inheritdoc/>
    public override IInvocationFeatures Features => _features ??= new RunFeatures(this);

    /// <summary>Cancelled at the function's time limit, when its lease is lost and when the host's grace ends.</summary>
    public override CancellationToken CancellationToken => Cancellation;

    private RunBindings Bindings => _bindings ??= new RunBindings(this);
}
