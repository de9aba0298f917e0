using System.Globalization;
using Npgsql;

namespace Ebb.Storage.Postgres;

/// <summary>Reads the <c>Storage</c> setting of a PostgreSQL store. No problem it notes repeats the password.</summary>
internal sealed class PostgresAddressReader(List<string> problems)
{
    private const string Example = "postgres://ebb@db.example.com:5432/ebb?sslmode=verify-full";
    private const string Known = "sslmode, pool, connect_timeout, statement_timeout, application_name";

    private static readonly Dictionary<string, SslMode> SslModes = new(StringComparer.Ordinal)
    {
        ["disable"] = SslMode.Disable,
        ["prefer"] = SslMode.Prefer,
        ["require"] = SslMode.Require,
        ["verify-ca"] = SslMode.VerifyCA,
        ["verify-full"] = SslMode.VerifyFull,
    };

    private readonly Dictionary<string, string> _parameters = new(StringComparer.Ordinal);

    public static bool IsPostgres(string storage) =>
        storage.StartsWith("postgres://", StringComparison.Ordinal) || storage.StartsWith("postgresql://", StringComparison.Ordinal);

    public PostgresAddress Read(string storage)
    {
        var rest = storage[(storage.IndexOf("://", StringComparison.Ordinal) + 3)..];
        var question = rest.IndexOf('?');
        ReadParameters(question < 0 ? "" : rest[(question + 1)..]);
        rest = question < 0 ? rest : rest[..question];
        var slash = rest.IndexOf('/');
        var authority = slash < 0 ? rest : rest[..slash];
        var at = authority.LastIndexOf('@');
        var credentials = (at < 0 ? "" : authority[..at]).Split(':', 2);
        var hosts = ReadHosts(authority[(at + 1)..]);
        return new()
        {
            Hosts = hosts,
            Database = Required(slash < 0 ? "" : rest[(slash + 1)..], "database"),
            User = Required(credentials[0], "user"),
            Password = credentials.Length == 2 ? Uri.UnescapeDataString(credentials[1]) : null,
            SslMode = ReadSslMode(hosts),
            Pool = (int)ReadNumber("pool", 10, 1, 200),
            ConnectTimeout = TimeSpan.FromSeconds(ReadNumber("connect_timeout", 10, 1, 300)),
            StatementTimeout = TimeSpan.FromSeconds(ReadNumber("statement_timeout", 15, 1, 3600)),
            ApplicationName = _parameters.GetValueOrDefault("application_name", "ebb"),
        };
    }

    private string Required(string text, string what)
    {
        if (text.Length == 0)
            problems.Add($"Storage names no {what}; it must be like {Example}.");
        return Uri.UnescapeDataString(text);
    }

    private List<string> ReadHosts(string text)
    {
        var hosts = new List<string>();
        foreach (var host in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var colon = host.LastIndexOf(':');
            var hasPort = colon > host.LastIndexOf(']');
            var port = hasPort ? host[(colon + 1)..] : "5432";
            if (!ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number == 0)
                problems.Add($"Storage names port '{port}' for host {host[..colon]}; a port is a number from 1 to 65535. A password with / or @ in it must be percent-encoded, or kept in Storage:PasswordFile.");
            hosts.Add((hasPort ? host[..colon] : host) + ":" + port);
        }
        if (hosts.Count == 0)
            problems.Add($"Storage names no host; it must be like {Example}.");
        return hosts;
    }

    private void ReadParameters(string query)
    {
        foreach (var pair in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = pair.Split('=', 2);
            if (parts.Length != 2 || !Known.Split(", ").Contains(parts[0]))
                problems.Add($"Storage has a parameter '{parts[0]}', which is not known; the known ones are {Known}.");
            else
                _parameters[parts[0]] = Uri.UnescapeDataString(parts[1]);
        }
    }

    // Within one machine nobody listens; over a network the server has to prove who it is.
    private SslMode ReadSslMode(List<string> hosts)
    {
        if (!_parameters.TryGetValue("sslmode", out var text))
            return hosts.TrueForAll(IsLoopback) ? SslMode.Prefer : SslMode.VerifyFull;
        if (SslModes.TryGetValue(text, out var mode))
            return mode;
        problems.Add($"Storage has sslmode '{text}'; it must be one of {string.Join(", ", SslModes.Keys)}.");
        return SslMode.VerifyFull;
    }

    private static bool IsLoopback(string host) =>
        host.StartsWith("localhost:", StringComparison.Ordinal) || host.StartsWith("127.", StringComparison.Ordinal) || host.StartsWith("[::1]", StringComparison.Ordinal);

    private long ReadNumber(string key, long fallback, long minimum, long maximum)
    {
        if (!_parameters.TryGetValue(key, out var text))
            return fallback;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= minimum && value <= maximum)
            return value;
        problems.Add($"Storage has {key} '{text}'; it must be a whole number from {minimum} to {maximum}, such as {fallback}.");
        return fallback;
    }
}
