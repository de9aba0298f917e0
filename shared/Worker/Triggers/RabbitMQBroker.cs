using Microsoft.Extensions.Configuration;

namespace Ebb.Worker;

/// <summary>The broker of <see cref="RabbitMQTriggerAttribute"/> and <see cref="RabbitMQOutputAttribute"/>.</summary>
public static class RabbitMQBroker
{
    /// <summary>Whether one is configured: <c>RabbitMQ:Uri</c> or <c>RabbitMQ:Host</c> is set. Without it functions that use it are off.</summary>
    public static bool IsConfigured(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return !string.IsNullOrWhiteSpace(configuration["RabbitMQ:Uri"]) || !string.IsNullOrWhiteSpace(configuration["RabbitMQ:Host"]);
    }
}
