using Ebb.RabbitMq.Configuration;
using RabbitMQ.Client;

namespace Ebb.RabbitMq.Connections;

/// <summary>User name and password as they are now: files are read at each connection, so that a rotated secret needs no restart.</summary>
internal static class BrokerLogin
{
    private const string Guest = "guest";

    public static async Task ApplyAsync(ConnectionFactory factory, RabbitMQOptions options, CancellationToken cancellationToken)
    {
        if (options is { UserName: null, UserNameFile: null, ClientCertificateFile: not null })
        {
            factory.AuthMechanisms = [new ExternalMechanismFactory()];
            return;
        }

        factory.UserName = await ValueAsync(options.UserNameFile, cancellationToken) ?? options.UserName ?? Guest;
        factory.Password = await ValueAsync(options.PasswordFile, cancellationToken) ?? options.Password ?? Guest;
    }

    private static async Task<string?> ValueAsync(string? file, CancellationToken cancellationToken)
    {
        try
        {
            return file is null ? null : (await File.ReadAllTextAsync(file, cancellationToken)).TrimEnd('\r', '\n');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RabbitMQException($"The login for RabbitMQ cannot be read: {e.Message}", e);
        }
    }
}
