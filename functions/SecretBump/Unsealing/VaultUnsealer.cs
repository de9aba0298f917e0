using System.Net;
using System.Net.Sockets;
using Ebb.Vault;
using Microsoft.Extensions.Logging;

namespace Ebb.SecretBump.Unsealing;

/// <summary>Looks at every member's seal and unseals those that need it.</summary>
public sealed class VaultUnsealer(UnsealOptions options, TimeProvider time, ILogger<VaultUnsealer> logger)
{
    /// <exception cref="UnsealException">A mounted file is gone, the shares cannot be read, or the service's name has no addresses.</exception>
    public async Task<UnsealReport> RunAsync(CancellationToken cancellationToken)
    {
        var problems = options.Problems().ToList();
        if (problems.Count > 0)
        {
            throw new UnsealException(string.Join('\n', problems));
        }

        var shares = KeyShareFiles.Read(options.SharesDirectory);
        var members = options.Service is { } service ? await ResolveAsync(service, cancellationToken) : options.Members;
        return new UnsealReport(await Task.WhenAll(members.Select(member => RunAsync(member, shares, cancellationToken))));
    }

    private async Task<MemberReport> RunAsync(Uri member, IReadOnlyList<KeyShare> shares, CancellationToken cancellationToken)
    {
        using var seal = new VaultSeal(options.For(member), time);
        return await new MemberUnsealing(seal, member.GetLeftPart(UriPartial.Authority), shares, logger).RunAsync(cancellationToken);
    }

    private static async Task<IReadOnlyList<Uri>> ResolveAsync(Uri service, CancellationToken cancellationToken)
    {
        try
        {
            var addresses = await Dns.GetHostAddressesAsync(service.Host, cancellationToken);
            return [.. addresses.Select(address => new UriBuilder(service) { Host = address.ToString() }.Uri).DistinctBy(member => member.Authority)];
        }
        catch (SocketException exception)
        {
            throw new UnsealException($"UnsealVault:Service '{service.Host}' has no addresses: {exception.Message.TrimEnd('.')}. Is it a headless service that publishes addresses that are not ready?", exception);
        }
    }
}
