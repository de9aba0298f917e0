using Ebb.RabbitMq.Configuration;
using Ebb.Worker;
using RabbitMQ.Client;

namespace Ebb.RabbitMq.Connections;

/// <summary>User name and password as they are now: files are read at each connection, so that a rotated secret needs no restart.</summary>
internal static class BrokerLogin
{
    private const string Guest = "guest";

    /// <returns>The user; null where only a client certificate says who it is.</returns>
    public static async Task<string?> ApplyAsync(ConnectionFactory factory, RabbitMQOptions options, CancellationToken cancellationToken)
    {
        var user = await ValueAsync(options.UserNameFile, cancellationToken) ?? options.UserName;
        if (options is { Password: null, PasswordFile: null, ClientCertificateFile: not null })
        {
            factory.AuthMechanisms = [new ExternalMechanismFactory()];
            return user;
        }

        factory.UserName = user ?? Guest;
        factory.Password = await ValueAsync(options.PasswordFile, cancellationToken) ?? options.Password ?? Guest;
        return factory.UserName;
    }

    private static async Task<string?> ValueAsync(string? file, CancellationToken cancellationToken)
    {
        try
        {
            return file is null ? null : (await File.ReadAllTextAsync(file, cancellationToken)).TrimEnd('\r', '\n');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RabbitMQException($"The login for RabbitMQ cannot be read: {Sentence.Of(e.Message)}", e);
        }
    }
}
