namespace Ebb.RabbitMq.Configuration;

/// <summary>The settings <c>RabbitMQ:…</c>. Read by <see cref="RabbitMQOptionsReader"/>; immutable.</summary>
internal sealed record RabbitMQOptions
{
    public required string Host { get; init; }

    public required int Port { get; init; }

    public string VirtualHost { get; init; } = "/";

    /// <summary>The user name; null when it comes from a file or only the client certificate says it.</summary>
    public string? UserName { get; init; }

    public string? UserNameFile { get; init; }

    /// <summary>The password of a <c>RabbitMQ:Uri</c>; never shown.</summary>
    public string? Password { get; init; }

    public string? PasswordFile { get; init; }

    public bool Tls { get; init; }

    /// <summary>The PEM file of the authorities that may have signed the broker's certificate; null for the system's.</summary>
    public string? CaFile { get; init; }

    public string? ClientCertificateFile { get; init; }

    public string? ClientKeyFile { get; init; }

    /// <summary>The name in the broker's certificate; the host's unless set.</summary>
    public string? ServerName { get; init; }

    /// <summary>A connection that says nothing for twice as long is dead. Default 15 seconds.</summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Queues that are used as their owner declared them; <c>*</c> for all.</summary>
    public IReadOnlyList<string> PassiveQueues { get; init; } = [];

    /// <summary>The broker as people know it.</summary>
    public string Address => $"{(Tls ? "amqps" : "amqp")}://{Host}:{Port}, virtual host '{VirtualHost}'";

    public bool IsPassive(string queue) => PassiveQueues.Contains("*") || PassiveQueues.Contains(queue);

    // The generated text would hold the password.
    public override string ToString() => Address;
}
