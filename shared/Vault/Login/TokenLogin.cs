namespace Ebb.Vault.Login;

/// <summary>Uses a token that somebody else got, and asks the server how long it holds.</summary>
internal sealed class TokenLogin(string description, Func<string> read, TimeProvider time) : IVaultLogin
{
    public string Description => description;

    public async Task<VaultToken> LoginAsync(VaultTransport transport, CancellationToken cancellationToken)
    {
        var value = read();
        var asked = time.GetUtcNow();
        var answer = await transport.SendAsync(VaultRequest.Get("auth/token/lookup-self"), value, VaultJson.Default.LookupAnswer, cancellationToken);
        return answer.Data is { } data
            ? new VaultToken(value, asked, TimeSpan.FromSeconds(data.Ttl), data.Renewable)
            : throw new VaultException($"{Description} was looked up without an answer.", VaultFault.Protocol);
    }
}
