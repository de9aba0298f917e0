using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Azure.Functions.Worker.Grpc.Messages;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Ebb.TestServers.Functions;

/// <summary>
/// The host of Azure Functions as an isolated worker sees it: it starts the worker's process, loads its functions and calls them over
/// FunctionRpc (Azure/azure-functions-language-worker-protobuf, FunctionRpc.proto), HTTP functions at the worker's own address.
/// </summary>
public sealed class FunctionRpcHost : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly WebApplication _server;
    private readonly WorkerLink _link;
    private readonly ConcurrentQueue<string> _log = new();
    private readonly Dictionary<string, RpcFunctionMetadata> _functions = new(StringComparer.Ordinal);
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false });
    private Process? _worker;
    private Uri? _http;

    private FunctionRpcHost(WebApplication server) => (_server, _link) = (server, server.Services.GetRequiredService<WorkerLink>());

    /// <summary>The functions that the worker has.</summary>
    public IReadOnlyCollection<string> Functions => _functions.Keys;

    /// <summary>What the worker wrote and logged.</summary>
    public string Log => string.Join('\n', _log);

    /// <summary>Starts the worker and loads all of its functions.</summary>
    /// <param name="worker">The worker's assembly.</param>
    /// <param name="settings">Its environment.</param>
    public static async Task<FunctionRpcHost> StartAsync(string worker, IReadOnlyDictionary<string, string> settings)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc(grpc => (grpc.MaxReceiveMessageSize, grpc.MaxSendMessageSize) = (null, null));
        builder.Services.AddSingleton<WorkerLink>();
        var server = builder.Build();
        server.MapGrpcService<WorkerService>();
        await server.StartAsync();
        var host = new FunctionRpcHost(server);
        host._link.OnLog = host._log.Enqueue;
        try
        {
            host.StartWorker(worker, settings);
            await host.LoadAsync(Path.GetDirectoryName(worker)!);
            return host;
        }
        catch (Exception e)
        {
            await host.DisposeAsync();
            throw new InvalidOperationException($"The worker did not start: {e.Message}\n{host.Log}", e);
        }
    }

    /// <summary>Calls a function with a message of a queue or with what a timer says, as JSON or text.</summary>
    public async Task<FunctionReply> InvokeAsync(string function, string input, params (string Name, string Value)[] metadata)
    {
        var request = NewRequest(function);
        request.InputData.Add(new ParameterBinding { Name = TriggerOf(function), Data = new TypedData { String = input } });
        foreach (var (name, value) in metadata)
        {
            request.TriggerMetadata[name] = new TypedData { String = value };
        }

        return FunctionReply.Of(await _link.InvokeAsync(request).WaitAsync(Patience));
    }

    /// <summary>Calls an HTTP function: the worker is told of the invocation, and the request goes to the worker's own server.</summary>
    public async Task<(FunctionReply Reply, HttpStatusCode Status, string Body)> SendAsync(
        string function, HttpMethod method, string path, string? body = null, params (string Name, string Value)[] route)
    {
        var request = NewRequest(function);
        request.InputData.Add(new ParameterBinding { Name = TriggerOf(function), Data = new TypedData { Http = new RpcHttp() } });
        foreach (var (name, value) in route)
        {
            request.TriggerMetadata[name] = new TypedData { String = value };
        }

        using var message = new HttpRequestMessage(method, new Uri(_http ?? throw new InvalidOperationException("The worker has no HTTP server."), path));
        message.Headers.Add("x-ms-invocation-id", request.InvocationId);
        message.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        var invocation = _link.InvokeAsync(request);
        using var response = await _client.SendAsync(message).WaitAsync(Patience);
        var text = await response.Content.ReadAsStringAsync();
        return (FunctionReply.Of(await invocation.WaitAsync(Patience)), response.StatusCode, text);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_worker is { HasExited: false })
        {
            await _link.SendAsync(new StreamingMessage { WorkerTerminate = new WorkerTerminate { GracePeriod = new() { Seconds = 2 } } });
            await _worker.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(5)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!_worker.HasExited)
            {
                _worker.Kill();
            }
        }

        _worker?.Dispose();
        _client.Dispose();
        await _server.DisposeAsync();
    }

    private void StartWorker(string worker, IReadOnlyDictionary<string, string> settings)
    {
        var directory = Path.GetDirectoryName(worker)!;
        string[] arguments =
        [
            worker, "--functions-uri", _server.Urls.First(), "--functions-request-id", Guid.NewGuid().ToString(),
            "--functions-worker-id", Guid.NewGuid().ToString(), "--functions-grpc-max-message-length", "2147483647",
        ];
        var start = new ProcessStartInfo("dotnet", arguments) { UseShellExecute = false, WorkingDirectory = directory, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        start.Environment["FUNCTIONS_APPLICATION_DIRECTORY"] = directory;
        start.Environment["FUNCTIONS_WORKER_DIRECTORY"] = directory;
        start.Environment["FUNCTIONS_WORKER_RUNTIME"] = "dotnet-isolated";
        _worker = Process.Start(start)!;
        _worker.OutputDataReceived += (_, line) => _log.Enqueue(line.Data ?? string.Empty);
        _worker.ErrorDataReceived += (_, line) => _log.Enqueue(line.Data ?? string.Empty);
        _worker.BeginOutputReadLine();
        _worker.BeginErrorReadLine();
    }

    private async Task LoadAsync(string directory)
    {
        await await Task.WhenAny(_link.Started.WaitAsync(Patience), ExitAsync());
        var init = (await _link.AskAsync(new StreamingMessage
        {
            WorkerInitRequest = new WorkerInitRequest { HostVersion = "4.1040.0", WorkerDirectory = directory, FunctionAppDirectory = directory },
        }).WaitAsync(Patience)).WorkerInitResponse;
        _http = init.Capabilities.TryGetValue("HttpUri", out var uri) ? new Uri(uri) : null;
        var metadata = await _link.AskAsync(new StreamingMessage { FunctionsMetadataRequest = new FunctionsMetadataRequest { FunctionAppDirectory = directory } }).WaitAsync(Patience);
        foreach (var function in metadata.FunctionMetadataResponse.FunctionMetadataResults)
        {
            await LoadAsync(function);
        }
    }

    private async Task LoadAsync(RpcFunctionMetadata function)
    {
        function.FunctionId = function.FunctionId.Length > 0 ? function.FunctionId : function.Name;
        foreach (var (name, binding) in RawBinding.Read(function))
        {
            function.Bindings[name] = binding;
        }

        var loaded = await _link.AskAsync(new StreamingMessage { FunctionLoadRequest = new FunctionLoadRequest { FunctionId = function.FunctionId, Metadata = function } }).WaitAsync(Patience);
        if (loaded.FunctionLoadResponse.Result.Status is not StatusResult.Types.Status.Success)
        {
            throw new InvalidOperationException($"{function.Name} cannot be loaded: {loaded.FunctionLoadResponse.Result.Exception?.Message}");
        }

        _functions[function.Name] = function;
    }

    private async Task ExitAsync()
    {
        await _worker!.WaitForExitAsync();
        throw new InvalidOperationException($"It exited with {_worker.ExitCode}.");
    }

    private InvocationRequest NewRequest(string function) => new()
    {
        InvocationId = Guid.NewGuid().ToString(),
        FunctionId = _functions[function].FunctionId,
        TraceContext = new RpcTraceContext { TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" },
        RetryContext = new RetryContext(),
    };

    private string TriggerOf(string function) =>
        _functions[function].Bindings.First(binding => binding.Value.Type.EndsWith("Trigger", StringComparison.OrdinalIgnoreCase)).Key;
}

/// <summary>How an invocation ended.</summary>
/// <param name="Error">What the function threw; null when it succeeded.</param>
/// <param name="Result">What it returned, as JSON or text.</param>
public sealed record FunctionReply(string? Error, string? Result)
{
    internal static FunctionReply Of(InvocationResponse response) => new(
        response.Result.Status is StatusResult.Types.Status.Success ? null : response.Result.Exception?.Message ?? "unknown",
        response.ReturnValue is null ? null : response.ReturnValue.DataCase is TypedData.DataOneofCase.Json ? response.ReturnValue.Json : response.ReturnValue.String);
}
