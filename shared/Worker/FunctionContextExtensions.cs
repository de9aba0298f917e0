using System.Diagnostics;
using Ebb.Storage;
using Microsoft.Azure.Functions.Worker;

namespace Ebb.Worker;

/// <summary>
/// What a run has beyond a <see cref="FunctionContext"/> of Azure Functions. Under another host nothing of it is there: properties are null
/// or unlimited, and methods do nothing. To postpone a run is no method but an exception (<see cref="FunctionPostponedException"/>): under
/// another host it is a failed attempt, so that the message is not lost but comes again.
/// </summary>
public static class FunctionContextExtensions
{
    extension(FunctionContext context)
    {
        /// <summary>The run. Under another host the invocation's id, which is a UUID there too.</summary>
        /// <exception cref="FormatException">Another host's id is none.</exception>
        public RunId RunId => Run(context)?.RunId ?? RunId.Parse(context.InvocationId);

        /// <summary>Who asked, as <see cref="CallerNames"/> writes it; null when nobody did, and under another host.</summary>
        public string? Caller => Run(context)?.Caller;

        /// <summary>
        /// What the caller may act on. Limited only in functions with <see cref="ScopedAttribute"/>, which must heed it. Under another host
        /// everything: the keys of Azure Functions are not limited to names.
        /// </summary>
        public CallerScope Scope => Run(context)?.Scope ?? CallerScope.Everything;

        /// <summary>The moment a timer's run was due; null when no occurrence started it (a person did, or the start of the host), and under another host.</summary>
        public DateTimeOffset? Occurrence => Run(context)?.Occurrence;

        /// <summary>When the message was accepted that started it; null when none did, and under another host.</summary>
        public DateTimeOffset? EnqueuedAt => Run(context)?.EnqueuedAt;

        /// <summary>The span of this invocation; null under another host.</summary>
        public Activity? Activity => Run(context)?.Activity;

        /// <summary>Tells those who watch the run where it stands. Keeps only the newest line; never fails. Under another host it does nothing.</summary>
        public void ReportProgress(string line) => Run(context)?.ReportProgress(line);

        /// <summary>Goes on only if the caller may act on this name. Under another host it always does.</summary>
        /// <exception cref="CallerForbiddenException">It may not.</exception>
        public void Require(string name)
        {
            if (!context.Scope.Allows(name))
            {
                throw new CallerForbiddenException(
                    $"'{context.Caller}' may not act on '{name}'. Have it named for that in scopes.json, or ask as somebody who is.");
            }
        }
    }

    /// <summary>Null under another host. By the features, because middleware may hand on a context of its own.</summary>
    internal static RunContext? Run(FunctionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context as RunContext ?? context.Features.Get<RunContext>();
    }
}
