using Ebb.RabbitMq.Configuration;
using Ebb.Settings;
using RabbitMQ.Client;

namespace Ebb.RabbitMq.Connections;

/// <summary>User name and password as they are now: files are read at each connection, so that a rotated secret needs no restart.</summary>
internal static class BrokerLogin
{
    private const string Guest = "guest";

    /// <returns>The user; null where only a client certificate says who it is.</returns>
    public static string? Apply(ConnectionFactory factory, RabbitMQOptions options)
    {
        var user = Read(options.UserNameFile, "RabbitMQ:UserNameFile") ?? options.UserName;
        if (options is { Password: null, PasswordFile: null, ClientCertificateFile: not null })
        {
            factory.AuthMechanisms = [new ExternalMechanismFactory()];
            return user;
        }

        factory.UserName = user ?? Guest;
        factory.Password = Read(options.PasswordFile, "RabbitMQ:PasswordFile") ?? options.Password ?? Guest;
        return factory.UserName;
    }

    private static string? Read(string? file, string setting) =>
        file is null ? null : SecretFile.ReadPassword(file, setting, (message, cause) => new RabbitMQException($"The login for RabbitMQ cannot be read. {message}", cause));
}
