using Ebb.Storage;
using Microsoft.Extensions.Configuration;

namespace Ebb.RabbitMq.Configuration;

/// <summary>Reads <c>RabbitMQ:…</c> and notes everything that is wrong with it.</summary>
internal sealed class RabbitMQOptionsReader(IConfiguration configuration, List<string> problems)
{
    private const int PlainPort = 5672;
    private const int TlsPort = 5671;

    private static readonly string[] Known =
    [
        "Uri", "Host", "Port", "VirtualHost", "UserName", "UserNameFile", "PasswordFile", "Tls", "CaFile", "ClientCertificateFile",
        "ClientKeyFile", "ServerName", "Heartbeat", "PassiveQueues",
    ];

    private static readonly string[] OnlyWithTls = ["CaFile", "ClientCertificateFile", "ServerName"];

    private readonly SettingReader _read = new(configuration, problems);

    public static bool IsConfigured(IConfiguration configuration) =>
        !string.IsNullOrWhiteSpace(configuration["RabbitMQ:Uri"]) || !string.IsNullOrWhiteSpace(configuration["RabbitMQ:Host"]);

    /// <summary>The settings; null when no broker is configured or its address is wrong.</summary>
    public static RabbitMQOptions? Read(IConfiguration configuration, List<string> problems)
    {
        problems.AddRange(configuration.GetSection("RabbitMQ").GetChildren()
            .Where(child => !Known.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
            .Select(child => child.Key.Equals("Password", StringComparison.OrdinalIgnoreCase)
                ? "RabbitMQ:Password is set; a password is read from a file: write it into one and name that in RabbitMQ:PasswordFile."
                : $"RabbitMQ:{child.Key} is not known; known are {string.Join(", ", Known)}."));
        return IsConfigured(configuration) ? new RabbitMQOptionsReader(configuration, problems).Read() : null;
    }

    private RabbitMQOptions? Read()
    {
        if (Address() is not { } options)
        {
            return null;
        }

        options = options with
        {
            VirtualHost = _read.Text("RabbitMQ:VirtualHost", options.VirtualHost),
            UserName = Optional("UserName") ?? options.UserName,
            UserNameFile = File("UserNameFile"),
            PasswordFile = File("PasswordFile"),
            CaFile = File("CaFile"),
            ClientCertificateFile = File("ClientCertificateFile"),
            ClientKeyFile = File("ClientKeyFile"),
            ServerName = Optional("ServerName"),
            Heartbeat = _read.Duration("RabbitMQ:Heartbeat", options.Heartbeat, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
            PassiveQueues = Optional("PassiveQueues")?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [],
        };
        CheckTls(options);
        CheckLogin(options);
        return options;
    }

    private RabbitMQOptions? Address()
    {
        if (Optional("Uri") is { } text)
        {
            if (Optional("Host") is { } host)
            {
                problems.Add($"RabbitMQ:Uri and RabbitMQ:Host are both set ('{host}'); keep one.");
            }

            return FromUri(text);
        }

        var tls = _read.Flag("RabbitMQ:Tls", Optional("Port") == $"{TlsPort}");
        return new()
        {
            Host = Optional("Host")!,
            Tls = tls,
            Port = (int)_read.Number("RabbitMQ:Port", tls ? TlsPort : PlainPort, 1, ushort.MaxValue),
        };
    }

    private RabbitMQOptions? FromUri(string text)
    {
        // The value is not shown: it may hold a password.
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("amqp" or "amqps") || uri.Host.Length == 0)
        {
            problems.Add("RabbitMQ:Uri is not the address of a broker; write it as amqp://rabbitmq.example:5672/vhost, or amqps:// for TLS.");
            return null;
        }

        var tls = _read.Flag("RabbitMQ:Tls", uri.Scheme == "amqps");
        var login = uri.UserInfo.Split(':', 2);
        return new()
        {
            Host = uri.IdnHost,
            Tls = tls,
            Port = (int)_read.Number("RabbitMQ:Port", uri.Port > 0 ? uri.Port : tls ? TlsPort : PlainPort, 1, ushort.MaxValue),
            VirtualHost = uri.AbsolutePath.Length > 1 ? Uri.UnescapeDataString(uri.AbsolutePath[1..]) : "/",
            UserName = login[0].Length > 0 ? Uri.UnescapeDataString(login[0]) : null,
            Password = login.Length > 1 ? Uri.UnescapeDataString(login[1]) : null,
        };
    }

    private void CheckTls(RabbitMQOptions options)
    {
        foreach (var key in OnlyWithTls.Where(key => Optional(key) is not null && !options.Tls))
        {
            problems.Add($"RabbitMQ:{key} is '{Optional(key)}', but the connection has no TLS; set RabbitMQ:Tls to true, or use amqps:// and port {TlsPort}.");
        }

        if ((options.ClientCertificateFile is null) != (options.ClientKeyFile is null))
        {
            problems.Add("RabbitMQ:ClientCertificateFile and RabbitMQ:ClientKeyFile belong together; set both or none.");
        }
    }

    private void CheckLogin(RabbitMQOptions options)
    {
        if (options is { UserName: not null, UserNameFile: not null })
        {
            problems.Add($"RabbitMQ:UserName and RabbitMQ:UserNameFile are both set ('{options.UserNameFile}'); keep one.");
        }

        var (named, secret) = (options.UserName ?? options.UserNameFile, options.Password ?? options.PasswordFile);
        if (named is not null && secret is null && options.ClientCertificateFile is null)
        {
            problems.Add("RabbitMQ has a user name but no password; name the file that holds it in RabbitMQ:PasswordFile, or set a client certificate.");
        }
        else if (named is null && options.PasswordFile is not null)
        {
            problems.Add($"RabbitMQ:PasswordFile is '{options.PasswordFile}', but there is no user name; set RabbitMQ:UserName or RabbitMQ:UserNameFile.");
        }
        else if (named is null && options.ClientCertificateFile is null && !IsLoopback(options.Host))
        {
            problems.Add($"RabbitMQ at {options.Host} needs a login; set RabbitMQ:UserName (or UserNameFile) and RabbitMQ:PasswordFile, " +
                "or a client certificate.");
        }
    }

    // The broker lets its user guest in from its own machine only.
    private static bool IsLoopback(string host) => host is "localhost" or "127.0.0.1" or "[::1]" or "::1";

    private string? File(string key)
    {
        var path = Optional(key);
        if (path is not null && !System.IO.File.Exists(path))
        {
            problems.Add($"RabbitMQ:{key} is '{path}', and there is no such file; mount it, or correct the path.");
        }

        return path;
    }

    private string? Optional(string key) => _read.Text($"RabbitMQ:{key}", string.Empty) is { Length: > 0 } text ? text : null;
}
