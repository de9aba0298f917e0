using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Ebb.TestServers.Kubernetes.Endpoints;

/// <summary>Watches (https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes).</summary>
internal sealed class WatchEndpoint(Cluster cluster, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan BetweenBookmarks = TimeSpan.FromMinutes(1);
    private readonly Lock _gate = new();
    private CancellationTokenSource _end = new();
    private TaskCompletionSource _bookmark = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>How many are open.</summary>
    public int Open { get; private set; }

    /// <summary>Ends every watch as a server does whose time is up; cut, the connections break.</summary>
    public void EndAll(bool cut)
    {
        lock (_gate)
        {
            Cut = cut;
            var end = _end;
            _end = new CancellationTokenSource();
            end.Cancel();
            end.Dispose();
        }
    }

    /// <summary>Sends bookmarks now.</summary>
    public void Bookmark()
    {
        lock (_gate)
        {
            var bookmark = _bookmark;
            _bookmark = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            bookmark.SetResult();
        }
    }

    public void Dispose() => _end.Dispose();

    private bool Cut { get; set; }

    public async Task RunAsync(HttpContext context, ApiRequest request)
    {
        var selector = Selector.Of(request);
        var (version, first) = cluster.Do(() => Begin(request, selector));
        context.Response.ContentType = "application/json";
        await context.Response.StartAsync();
        await context.Response.Body.FlushAsync();
        using var over = new CancellationTokenSource(int.TryParse(request.Query("timeoutSeconds"), out var seconds) ? TimeSpan.FromSeconds(seconds) : TimeSpan.FromMinutes(30), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, over.Token, EndToken());
        Count(1);
        try
        {
            await SendAsync(context, first);
            await FollowAsync(context, request, selector, version, either.Token);
        }
        catch (OperationCanceledException) when (Cut && !over.IsCancellationRequested)
        {
            context.Abort();
        }
        catch (OperationCanceledException)
        {
            // The time is up, or the client is gone.
        }
        finally
        {
            Count(-1);
        }
    }

    private (long Version, List<JsonObject> First) Begin(ApiRequest request, Selector selector)
    {
        // Without a version, or with 0, a watch begins with what is there.
        if (request.Query("resourceVersion") is not { Length: > 0 } text || text == "0")
        {
            return (cluster.Store.Version, [.. cluster.Store.List(request.Resource!, request.Namespace).Where(selector.Matches).Select(item => Event("ADDED", item))]);
        }

        if (!long.TryParse(text, out var version))
        {
            throw ApiException.BadRequest($"invalid resource version \"{text}\"");
        }

        return version < cluster.Store.Compacted ? (version, [Expired(version)]) : (version, []);
    }

    private async Task FollowAsync(HttpContext context, ApiRequest request, Selector selector, long from, CancellationToken cancellationToken)
    {
        for (var version = from; ;)
        {
            var bookmark = BookmarkTask();
            var (events, next, changed, expired) = cluster.Do(() => Read(request, selector, version));
            if (expired)
            {
                await SendAsync(context, from < version || events.Count == 0 ? [Expired(version)] : events);
                return;
            }

            version = next;
            await SendAsync(context, events);
            var tick = Task.Delay(BetweenBookmarks, time, cancellationToken);
            var happened = await Task.WhenAny(changed, bookmark, tick);
            cancellationToken.ThrowIfCancellationRequested();
            if (happened == changed)
            {
                continue;
            }

            if (request.Flag("allowWatchBookmarks"))
            {
                var mark = new JsonObject
                {
                    ["kind"] = request.Resource!.Kind,
                    ["apiVersion"] = request.Resource.ApiVersion,
                    ["metadata"] = new JsonObject { ["resourceVersion"] = version.ToString() },
                };
                await SendAsync(context, [Event("BOOKMARK", mark)]);
            }
        }
    }

    private (List<JsonObject> Events, long Version, Task Changed, bool Expired) Read(ApiRequest request, Selector selector, long version)
    {
        if (version < cluster.Store.Compacted)
        {
            return ([], version, Task.CompletedTask, true);
        }

        var events = cluster.Store.Since(version)
            .Where(change => change.Resource.QualifiedName == request.Resource!.QualifiedName && (request.Namespace is null || change.Current.Namespace() == request.Namespace))
            .Select(change => Tell(change, selector))
            .OfType<JsonObject>()
            .ToList();
        return (events, cluster.Store.Version, cluster.Store.Changed, false);
    }

    // An object that begins or ceases to match comes and goes for this watch.
    private static JsonObject? Tell(ObjectChange change, Selector selector)
    {
        var was = change.Before is not null && selector.Matches(change.Before);
        var now = change.After is not null && selector.Matches(change.After);
        return (was, now) switch
        {
            (false, true) => Event("ADDED", change.After!),
            (true, true) => Event("MODIFIED", change.After!),
            (true, false) => Event("DELETED", change.After ?? change.Before!),
            _ => null,
        };
    }

    private static JsonObject Event(string type, JsonObject item) => new() { ["type"] = type, ["object"] = item.DeepClone() };

    private static JsonObject Expired(long version) => Event("ERROR", ApiException.Gone($"too old resource version: {version}").ToStatus());

    private static async Task SendAsync(HttpContext context, List<JsonObject> events)
    {
        foreach (var line in events)
        {
            await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(line.ToJsonString() + "\n"));
        }

        if (events.Count > 0)
        {
            await context.Response.Body.FlushAsync();
        }
    }

    private CancellationToken EndToken()
    {
        lock (_gate)
        {
            return _end.Token;
        }
    }

    private Task BookmarkTask()
    {
        lock (_gate)
        {
            return _bookmark.Task;
        }
    }

    private void Count(int by)
    {
        lock (_gate)
        {
            Open += by;
        }
    }
}
