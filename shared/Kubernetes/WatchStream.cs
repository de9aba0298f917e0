using System.Text.Json;
using System.Text.Json.Nodes;
using k8s.Models;

namespace Ebb.Kubernetes;

/// <summary>One open watch: a JSON document a line, until the server ends it or the link breaks.</summary>
internal sealed class WatchStream : IDisposable
{
    // A server that has not ended the watch by then is not there any more.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    private readonly HttpResponseMessage? _response;
    private readonly BoundedLines? _lines;
    private readonly KubernetesRequest? _request;
    private readonly KubernetesTransport? _transport;
    private readonly CancellationTokenSource? _silence;

    private WatchStream(KubernetesTransport transport, KubernetesRequest request, HttpResponseMessage response, Stream content, string version, CancellationTokenSource silence)
    {
        (_transport, _request, _response, _silence, Version) = (transport, request, response, silence, version);
        _lines = new BoundedLines(content, KubernetesTransport.MaxObjectBytes);
    }

    private WatchStream()
    {
    }

    /// <summary>A stream that gives nothing, for the version it was to begin from is no longer kept.</summary>
    public static WatchStream Expired => new();

    /// <summary>Where to go on; null: the version is no longer kept.</summary>
    public string? Version { get; private set; }

    /// <summary>Why it ended; null when the server ended it as it should.</summary>
    public string? Failure { get; private set; }

    public static async Task<WatchStream> OpenAsync(
        KubernetesTransport transport, ResourceType type, string? @namespace, ListOptions options, string version, TimeProvider time, CancellationToken cancellationToken)
    {
        var duration = transport.Options.WatchDuration;
        var path = KubernetesPath.WithQuery(
            KubernetesPath.Of(type, @namespace),
            ("watch", "true"), ("resourceVersion", version), ("allowWatchBookmarks", "true"), ("timeoutSeconds", duration.TotalSeconds.ToString("0")),
            ("labelSelector", options.LabelSelector), ("fieldSelector", options.FieldSelector));
        var request = new KubernetesRequest(HttpMethod.Get, path, "watch", type) { Namespace = @namespace };
        var response = await transport.StreamAsync(request, cancellationToken);
        var content = await response.Content.ReadAsStreamAsync(cancellationToken);
        return new WatchStream(transport, request, response, content, version, new CancellationTokenSource(duration + Grace, time));
    }

    /// <summary>The next change; null at the end.</summary>
    /// <exception cref="KubernetesException">The server tells of a failure that does not pass by itself, or what it sends is no watch.</exception>
    public async Task<WatchEvent?> ReadAsync(CancellationToken cancellationToken)
    {
        while (_lines is not null && await ReadLineAsync(_lines, cancellationToken) is { } line)
        {
            if (Parse(line) is var (type, content) && Take(type, content) is { } change)
            {
                return change;
            }

            if (Version is null || Failure is not null)
            {
                return null;
            }
        }

        return null;
    }

    public void Dispose()
    {
        _response?.Dispose();
        _silence?.Dispose();
    }

    private async Task<byte[]?> ReadLineAsync(BoundedLines lines, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _silence!.Token);
        try
        {
            return await lines.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            Failure = "nothing came for too long";
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException)
        {
            Failure = exception.Message;
        }
        catch (InvalidDataException exception)
        {
            throw new KubernetesException($"{_transport!.Options} sent {_request} {exception.Message}", KubernetesFault.Protocol, exception);
        }

        return null;
    }

    private (string Type, JsonObject Content) Parse(byte[] line)
    {
        try
        {
            var json = StrictJson.Parse(line);
            return (json.Text("type") ?? "", json.Child("object") ?? throw new JsonException("An event without an object."));
        }
        catch (JsonException exception)
        {
            throw new KubernetesException($"{_transport!.Options} sent {_request} something that is no event.", KubernetesFault.Protocol, exception);
        }
    }

    private WatchEvent? Take(string type, JsonObject content)
    {
        if (type == "ERROR")
        {
            TakeError(content);
            return null;
        }

        var item = new KubernetesObject(content);
        Version = item.ResourceVersion() is { Length: > 0 } version ? version : Version;
        return type switch
        {
            "ADDED" => new WatchEvent(WatchEventType.Added, item),
            "MODIFIED" => new WatchEvent(WatchEventType.Modified, item),
            "DELETED" => new WatchEvent(WatchEventType.Deleted, item),
            _ => null, // BOOKMARK, and what later versions may bring.
        };
    }

    private void TakeError(JsonObject status)
    {
        var exception = KubernetesFaults.OfEvent(status, _request!, _transport!.Options);
        switch (exception.Fault)
        {
            case KubernetesFault.Expired:
                Version = null;
                break;
            case KubernetesFault.RateLimited or KubernetesFault.ServerError:
                Failure = exception.Message;
                break;
            default:
                throw exception;
        }
    }
}
