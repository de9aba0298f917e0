using System.Globalization;
using Ebb.Storage;
using Ebb.Worker.Hosting;
using Ebb.Worker.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Ebb.Worker.Http;

/// <summary><c>GET /api/runs</c> and <c>GET /api/runs/{id}</c>, for callers with a host key.</summary>
internal sealed class RunsEndpoints(IHostStorage storage, KeyGate gate, HostState state)
{
    private const int MaxLimit = 1000;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(ReservedRoutes.Runs, ListAsync);
        routes.MapGet($"{ReservedRoutes.Runs}/{{id}}", GetAsync);
    }

    private async Task ListAsync(HttpContext http)
    {
        if (!gate.AdmitsHost(http.Request))
        {
            await gate.RefuseAsync(http, "a host key (host.function.<name>)");
        }
        else if (TryReadQuery(http.Request.Query, out var query, out var wrong))
        {
            var runs = await storage.Runs.ListAsync(query, http.RequestAborted);
            IReadOnlyList<RunView> views = [.. runs.Select(RunView.Of)];
            await JsonAnswer.WriteAsync(http, StatusCodes.Status200OK, views, WorkerJson.Default.IReadOnlyListRunView);
        }
        else
        {
            await Problem.Of(StatusCodes.Status400BadRequest, wrong).WriteAsync(http);
        }
    }

    private async Task GetAsync(HttpContext http)
    {
        var text = http.Request.RouteValues["id"] as string ?? string.Empty;
        if (!gate.AdmitsHost(http.Request, out var caller))
        {
            await gate.RefuseAsync(http, "a host key (host.function.<name>)");
        }
        else if (!RunId.TryParse(text, out var id) || !await IsShownAsync(id, caller!, http.RequestAborted))
        {
            await RunResponse.Unknown(http, text);
        }
        else if (!WaitParameter.TryRead(http.Request, out var wait))
        {
            await Problem.Of(StatusCodes.Status400BadRequest, $"wait is wrong; {WaitParameter.Rule}.").WriteAsync(http);
        }
        else if (wait > TimeSpan.Zero)
        {
            await RunResponse.WaitAsync(http, storage.Runs, state, id, wait);
        }
        else
        {
            var run = await storage.Runs.GetAsync(id, http.RequestAborted);
            await (run is null ? RunResponse.Unknown(http, text) : RunResponse.WriteAsync(http, StatusCodes.Status200OK, run));
        }
    }

    // Of others' runs a limited key does not even learn that there are any.
    private async ValueTask<bool> IsShownAsync(RunId id, Caller caller, CancellationToken cancellationToken) =>
        !caller.Scope.IsLimited || (await storage.Runs.GetAsync(id, cancellationToken) is { } run && CallerNames.MayBeOne(run.Caller, caller.Name));

    private static bool TryReadQuery(IQueryCollection values, out RunQuery query, out string wrong)
    {
        query = new RunQuery { Function = values["function"] is [{ Length: > 0 } function] ? function : null };
        wrong = string.Empty;
        var problems = new List<string>();
        if (query.Function?.Any(char.IsControl) is true)
        {
            problems.Add("function is no function's name: it holds a control character.");
        }

        if (values["state"] is [{ Length: > 0 } state])
        {
            query = query with { State = ReadState(state, problems) };
        }

        if (values["before"] is [{ Length: > 0 } before])
        {
            query = query with { Before = RunId.TryParse(before, out var id) ? id : null };
            if (query.Before is null)
            {
                problems.Add("before is not the id of a run.");
            }
        }

        if (values["limit"] is [{ Length: > 0 } limit])
        {
            var valid = int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is > 0 and <= MaxLimit;
            query = query with { Limit = valid ? count : 1 };
            if (!valid)
            {
                problems.Add($"limit must be a number from 1 to {MaxLimit}.");
            }
        }

        wrong = string.Join(' ', problems);
        return problems.Count == 0;
    }

    private static RunState? ReadState(string text, List<string> problems)
    {
        if (char.IsAsciiLetter(text[0]) && Enum.TryParse<RunState>(text, ignoreCase: true, out var state))
        {
            return state;
        }

        problems.Add("state must be queued, running, succeeded, failed, poisoned or superseded.");
        return null;
    }
}
