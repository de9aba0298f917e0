using Ebb.Settings;
using Ebb.Vault;
using Microsoft.Extensions.Configuration;

namespace Ebb.SecretBump.Unsealing;

/// <summary>The section <c>UnsealVault</c>. Off while neither members nor a service are named.</summary>
public sealed record UnsealOptions
{
    /// <summary>The default of <c>UnsealVault:Schedule</c>: every minute.</summary>
    public const string DefaultSchedule = "0 * * * * *";

    private const string Section = "UnsealVault";
    private const string MemberForm = "https://vault-0.vault-internal:8200";

    private static readonly string[] Details = ["SharesDirectory", "CaFile", "PlainHttp"];

    private static readonly char[] Separators = [',', ' ', '\n', '\t'];

    /// <summary>Addresses of the members (<c>UnsealVault:Members</c>, separated by commas or white space), such as <c>https://vault-0.vault-internal:8200</c>.</summary>
    public IReadOnlyList<Uri> Members { get; init; } = [];

    /// <summary>
    /// A URL whose host is a headless service that names all members, sealed ones too (<c>UnsealVault:Service</c>), such as <c>http://vault-internal.vault.svc:8200</c>. Its addresses
    /// are asked one by one; certificates name hosts and not addresses, so with https name the members.
    /// </summary>
    public Uri? Service { get; init; }

    /// <summary>The directory with the key shares, one in each file (<c>UnsealVault:SharesDirectory</c>). Default <c>/run/secrets/ebb/unseal</c>.</summary>
    public string SharesDirectory { get; init; } = "/run/secrets/ebb/unseal";

    /// <summary>A PEM file with the CA of the members' certificates (<c>UnsealVault:CaFile</c>). Default <c>Vault:CaFile</c>.</summary>
    public string? CaFile { get; init; }

    /// <summary>Allows to send shares over plain HTTP to other hosts (<c>UnsealVault:PlainHttp</c>). Default false.</summary>
    public bool PlainHttp { get; init; }

    /// <summary>False while there is nothing to look at.</summary>
    public bool IsConfigured => Members.Count > 0 || Service is not null;

    /// <summary>Reads the section; every problem is added.</summary>
    public static UnsealOptions From(IConfiguration configuration, ICollection<string> problems)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(problems);
        var read = new SettingsReader(configuration, problems, Section);
        var members = read.Text("Members", $"{MemberForm}, with commas or white space between them");
        var options = new UnsealOptions
        {
            Members = [.. (members ?? "").Split(Separators, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(text => Address("UnsealVault:Members", text, problems)).OfType<Uri>()],
            Service = read.Text("Service", "the URL of a headless service that names all members") is { } service ? Address("UnsealVault:Service", service, problems) : null,
            SharesDirectory = read.Text("SharesDirectory", new UnsealOptions().SharesDirectory, "the directory with the key shares, one in each file"),
            CaFile = read.Text("CaFile", "the path of a PEM file with the CA of the members' certificates") ?? VaultOptions.From(configuration).CaFile,
            PlainHttp = read.Flag("PlainHttp"),
        };
        foreach (var problem in options.Problems().Concat(Unused(read)))
        {
            problems.Add(problem);
        }

        return options;
    }

    /// <summary>How one member is reached: soon or not at all, the next run comes.</summary>
    internal VaultOptions For(Uri member) => new()
    {
        Address = member.GetLeftPart(UriPartial.Authority),
        CaFile = CaFile,
        PlainHttp = PlainHttp,
        Resilience = new Ebb.Http.ResilienceOptions { MaxRetries = 1, AttemptTimeout = TimeSpan.FromSeconds(10), MaxRetryAfter = TimeSpan.FromSeconds(5) },
    };

    /// <summary>What is wrong with the options as they are now: files come and go.</summary>
    internal IEnumerable<string> Problems()
    {
        if (Members.Count > 0 && Service is not null)
        {
            yield return "UnsealVault:Members and UnsealVault:Service are set. Keep one.";
        }

        foreach (var address in Members.Concat(Service is null ? [] : [Service]).Where(address => address.Scheme == "http" && !address.IsLoopback && !PlainHttp))
        {
            yield return $"UnsealVault would send key shares to {address} unencrypted. Use https, or set UnsealVault:PlainHttp to true.";
        }

        if (IsConfigured && !Directory.Exists(SharesDirectory))
        {
            yield return $"UnsealVault:SharesDirectory '{SharesDirectory}' does not exist. Mount the Secret with the key shares there, one in each file.";
        }

        if (IsConfigured && CaFile is not null && !File.Exists(CaFile))
        {
            yield return $"UnsealVault:CaFile (or Vault:CaFile) '{CaFile}' does not exist. Mount the CA of the members' certificates there.";
        }
    }

    // The schedule alone says nothing: generated manifests set it everywhere.
    private static IEnumerable<string> Unused(SettingsReader read) =>
        read.Text("Members") is not null || read.Text("Service") is not null
            ? read.Text("Members")?.Trim(Separators).Length == 0 ? [$"{Section}:Members holds no address."] : []
            : Details.Where(key => read.Text(key) is not null)
                .Select(key => $"{Section}:{key} is set, but neither {Section}:Members nor {Section}:Service is, so that nothing is unsealed. Set one of these, or remove it.");

    private static Uri? Address(string key, string text, ICollection<string> problems)
    {
        if (Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http" && uri.UserInfo.Length == 0 && uri.PathAndQuery == "/")
        {
            return uri;
        }

        problems.Add($"{key} holds what is no URL such as {MemberForm} (no user, path or query).");
        return null;
    }
}
