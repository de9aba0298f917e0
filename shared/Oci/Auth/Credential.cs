using System.Net.Http.Headers;
using System.Text;

namespace Ebb.Oci.Auth;

/// <summary>What an account is known by. Its text shows no secret.</summary>
internal sealed record Credential(string Username, string Password)
{
    /// <summary>A refresh token in place of a password (docker's <c>identitytoken</c>).</summary>
    public string? IdentityToken { get; init; }

    public AuthenticationHeaderValue ToBasic() =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Username}:{Password}")));

    public override string ToString() => $"{Username}:[removed]";
}
