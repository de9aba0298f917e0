using Ebb.RabbitMq.Configuration;
using Ebb.RabbitMq.Connections;
using Ebb.RabbitMq.Consuming;
using Ebb.RabbitMq.Publishing;
using Ebb.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Ebb.RabbitMq;

/// <summary>What an app calls whose functions use RabbitMQ.</summary>
public static class RabbitMQServices
{
    /// <summary>
    /// Adds the listener of <see cref="RabbitMQTriggerAttribute"/> and the sender of <see cref="RabbitMQOutputAttribute"/>. Nothing
    /// connects before the host listens, and nothing at all is added when neither <c>RabbitMQ:Uri</c> nor <c>RabbitMQ:Host</c> is set: such functions are
    /// off then.
    /// </summary>
    public static IServiceCollection AddRabbitMQ(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);
        if (RabbitMQOptionsReader.Read(configuration, []) is { } options)
        {
            services.TryAddSingleton(provider => new Broker(options, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILoggerFactory>()));
            services.TryAddSingleton<ITriggerListener>(provider => new RabbitMQListener(provider.GetRequiredService<Broker>()));
            services.TryAddSingleton<IOutputSender>(provider => new RabbitMQOutputSender(provider.GetRequiredService<Broker>()));
        }

        return services;
    }

    /// <summary>Every problem of the settings <c>RabbitMQ:…</c>, each naming the key, the value and what would be right; none without a broker.</summary>
    public static IEnumerable<string> Validate(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var problems = new List<string>();
        RabbitMQOptionsReader.Read(configuration, problems);
        return problems;
    }
}
