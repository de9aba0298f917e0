using Ebb.Storage;
using Ebb.Worker.Configuration;
using Ebb.Worker.Hosting;
using Ebb.Worker.Invocations;
using Microsoft.Extensions.Logging;

namespace Ebb.Worker.Queues;

/// <summary>What every listener needs.</summary>
internal sealed record ListenerServices(
    IHostStorage Storage, InvocationDelegate Pipeline, HostState State, HostOptions Host, WorkerOptions Worker, ILogger Logger);
