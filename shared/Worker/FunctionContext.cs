using System.Diagnostics;
using Ebb.Storage;

namespace Ebb.Worker;

/// <summary>What a function may know of its invocation.</summary>
public sealed class FunctionContext
{
    /// <summary>The invocation's id: that of its run.</summary>
    public required RunId RunId { get; init; }

    /// <summary>The function.</summary>
    public required FunctionDefinition Function { get; init; }

    /// <summary>The services of this invocation's scope.</summary>
    public required IServiceProvider InstanceServices { get; init; }

    /// <summary>
    /// What the trigger brought: an <c>HttpContext</c>, a <see cref="TimerInfo"/>, or the <see cref="LeasedMessage"/>.
    /// </summary>
    public required object TriggerData { get; init; }

    /// <summary>Cancelled at the function's time limit, when its lease is lost and when the host's grace ends.</summary>
    public required CancellationToken CancellationToken { get; init; }

    /// <summary>How often this invocation was retried, from 0.</summary>
    public int RetryCount { get; init; }

    /// <summary>Who asked, as <see cref="CallerNames"/> writes it; null when nobody did.</summary>
    public string? Caller { get; init; }

    /// <summary>
    /// What the caller may act on. Limited only in functions with <see cref="HttpTriggerAttribute.Scoped"/> or
    /// <see cref="RabbitMQTriggerAttribute.Scoped"/>, which must heed it: <see cref="Require"/>.
    /// </summary>
    public CallerScope Scope { get; init; } = CallerScope.Everything;

    /// <summary>The span of this invocation, if anyone listens.</summary>
    public Activity? Activity { get; init; }

    /// <summary>Tells those who watch the run where it stands. Keeps only the newest line; never fails.</summary>
    public Action<string> ReportProgress { get; init; } = static _ => { };

    /// <summary>Goes on only if the caller may act on this name.</summary>
    /// <exception cref="CallerForbiddenException">It may not.</exception>
    public void Require(string name)
    {
        if (!Scope.Allows(name))
        {
            throw new CallerForbiddenException($"'{Caller}' may not act on '{name}'. Have it named for that in scopes.json, or ask as somebody who is.");
        }
    }

    /// <summary>The id as text, as Azure Functions has it.</summary>
    public string InvocationId => RunId.ToString();
}
