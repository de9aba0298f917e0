using Ebb.Benchmarks;
using Ebb.Benchmarks.Etcd;
using Ebb.Benchmarks.Messages;
using Ebb.Benchmarks.Mirror;
using Ebb.Benchmarks.PostgresQueue;
using Ebb.Benchmarks.Scaler;
using Ebb.Benchmarks.Startup;
using Ebb.Benchmarks.Webhooks;

switch (args.FirstOrDefault())
{
    case "mirror":
        await MirrorBenchmark.RunAsync();
        return 0;
    case "startup":
        await StartupBenchmark.RunAsync();
        return 0;
    case "embedded-queue":
        await EmbeddedQueueBenchmark.RunAsync(Console.Out);
        return 0;
    case "postgres-queue":
        await PostgresQueueBenchmark.RunAsync();
        return 0;
    case "rabbitmq":
        await RabbitMQBenchmark.RunAsync();
        return 0;
    case "scaler-push":
        await ScalerBenchmark.RunAsync();
        return 0;
    case "etcd":
        await EtcdBenchmark.RunAsync();
        return 0;
    case "webhooks":
        await WebhooksBenchmark.RunAsync();
        return 0;
    default:
        await Console.Error.WriteLineAsync("usage: the name of one benchmark (see ./dev bench)");
        return 2;
}
