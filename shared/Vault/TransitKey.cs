namespace Ebb.Vault;

/// <summary>A key of the transit engine.</summary>
/// <param name="Type">Its type: <c>ecdsa-p256</c>.</param>
/// <param name="LatestVersion">The version that signs.</param>
/// <param name="PublicKeys">The public keys in PEM by version; none for a symmetric key.</param>
public sealed record TransitKey(string Type, int LatestVersion, IReadOnlyDictionary<int, string> PublicKeys);
