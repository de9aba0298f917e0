using Ebb.Settings;
using Ebb.Worker;
using Microsoft.Extensions.Configuration;

namespace Ebb.RabbitMq.Configuration;

/// <summary>Reads <c>RabbitMQ:…</c> and notes everything that is wrong with it.</summary>
internal sealed class RabbitMQOptionsReader
{
    private const int PlainPort = 5672;
    private const int TlsPort = 5671;

    private readonly SettingsReader _read;
    private readonly Uri? _uri;

    private RabbitMQOptionsReader(SettingsReader read) => (_read, _uri) = (read, Uri(read));

    /// <summary>The settings; null when no broker is configured.</summary>
    public static RabbitMQOptions? Read(IConfiguration configuration, ICollection<string> problems)
    {
        if (configuration["RabbitMQ:Password"] is not null)
        {
            problems.Add("RabbitMQ:Password is set; a password is read from a file: write it into one and name that in RabbitMQ:PasswordFile.");
        }

        var isConfigured = RabbitMQBroker.IsConfigured(configuration);
        var read = new SettingsReader(configuration, problems, "RabbitMQ");
        read = isConfigured ? read : read.Unheard();
        var options = new RabbitMQOptionsReader(read).Read();
        foreach (var unknown in read.Unknown("Password"))
        {
            problems.Add(unknown);
        }

        return isConfigured ? options : null;
    }

    // The value is not shown: it may hold a password.
    private static Uri? Uri(SettingsReader read)
    {
        const string form = "amqp://rabbitmq.example:5672/vhost, or amqps:// for TLS";
        if (read.Secret("Uri", form) is not { } text)
        {
            return null;
        }

        if (System.Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "amqp" or "amqps" && uri.Host.Length > 0)
        {
            return uri;
        }

        read.Problems.Add($"RabbitMQ:Uri is not the address of a broker; write it as {form}.");
        return null;
    }

    private RabbitMQOptions Read()
    {
        var host = _read.Text("Host", "the broker's host name");
        if (_read.Text("Uri") is not null && host is not null)
        {
            _read.Problems.Add($"RabbitMQ:Uri and RabbitMQ:Host are both set ('{host}'); keep one.");
        }

        var login = (_uri?.UserInfo ?? "").Split(':', 2);
        var tls = _read.Flag("Tls", _uri is null ? _read.Text("Port") == $"{TlsPort}" : _uri.Scheme == "amqps");
        var options = new RabbitMQOptions
        {
            Host = _uri?.IdnHost ?? host ?? "",
            Tls = tls,
            Port = _read.Number("Port", _uri is { Port: > 0 } ? _uri.Port : tls ? TlsPort : PlainPort, 1, ushort.MaxValue),
            VirtualHost = _read.Text("VirtualHost", _uri is { AbsolutePath.Length: > 1 } ? System.Uri.UnescapeDataString(_uri.AbsolutePath[1..]) : "/", "a virtual host"),
            UserName = _read.Text("UserName", "a user of the broker") ?? (login[0].Length > 0 ? System.Uri.UnescapeDataString(login[0]) : null),
            UserNameFile = _read.ExistingFile("UserNameFile", "a file with the user's name"),
            Password = login.Length > 1 ? System.Uri.UnescapeDataString(login[1]) : null,
            PasswordFile = _read.ExistingFile("PasswordFile", "a file with the password"),
            CaFile = _read.ExistingFile("CaFile", "a PEM file with the authorities of the broker's certificate"),
            ClientCertificateFile = _read.ExistingFile("ClientCertificateFile", "a PEM file with the client's certificate"),
            ClientKeyFile = _read.ExistingFile("ClientKeyFile", "a PEM file with its key"),
            ServerName = _read.Text("ServerName", "the name in the broker's certificate"),
            Heartbeat = _read.Duration("Heartbeat", TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
            PassiveQueues = _read.Texts("PassiveQueues", "queues that their owner declares, or * for all"),
        };
        CheckTls(options);
        if (options.Host.Length > 0)
        {
            CheckLogin(options);
        }

        return options;
    }

    private void CheckTls(RabbitMQOptions options)
    {
        foreach (var (key, value) in new[] { ("CaFile", options.CaFile), ("ClientCertificateFile", options.ClientCertificateFile), ("ServerName", options.ServerName) }
            .Where(setting => setting.Item2 is not null && !options.Tls))
        {
            _read.Problems.Add($"RabbitMQ:{key} is '{value}', but the connection has no TLS; set RabbitMQ:Tls to true, or use amqps:// and port {TlsPort}.");
        }

        if ((options.ClientCertificateFile is null) != (options.ClientKeyFile is null))
        {
            _read.Problems.Add("RabbitMQ:ClientCertificateFile and RabbitMQ:ClientKeyFile belong together; set both or none.");
        }
    }

    private void CheckLogin(RabbitMQOptions options)
    {
        if (options is { UserName: not null, UserNameFile: not null })
        {
            _read.Problems.Add($"RabbitMQ:UserName and RabbitMQ:UserNameFile are both set ('{options.UserNameFile}'); keep one.");
        }

        var (named, secret) = (options.UserName ?? options.UserNameFile, options.Password ?? options.PasswordFile);
        if (named is not null && secret is null && options.ClientCertificateFile is null)
        {
            _read.Problems.Add("RabbitMQ has a user name but no password; name the file that holds it in RabbitMQ:PasswordFile, or set a client certificate.");
        }
        else if (named is null && options.PasswordFile is not null)
        {
            _read.Problems.Add($"RabbitMQ:PasswordFile is '{options.PasswordFile}', but there is no user name; set RabbitMQ:UserName or RabbitMQ:UserNameFile.");
        }
        else if (named is null && options.ClientCertificateFile is null && !IsLoopback(options.Host))
        {
            _read.Problems.Add($"RabbitMQ at {options.Host} needs a login; set RabbitMQ:UserName (or UserNameFile) and RabbitMQ:PasswordFile, " +
                "or a client certificate.");
        }
    }

    // The broker lets its user guest in from its own machine only.
    private static bool IsLoopback(string host) => host is "localhost" or "127.0.0.1" or "[::1]" or "::1";
}
