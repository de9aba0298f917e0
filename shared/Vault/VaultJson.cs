using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ebb.Vault;

internal sealed record ErrorAnswer(string[]? Errors);

internal sealed record LoginAnswer(LoginAuth? Auth);

internal sealed record LoginAuth(string? ClientToken, long LeaseDuration, bool Renewable);

internal sealed record LookupAnswer(LookupData? Data);

internal sealed record LookupData(long Ttl, bool Renewable);

internal sealed record AppRoleLoginBody(string RoleId, string SecretId);

internal sealed record JwtLoginBody(string Role, string Jwt);

internal sealed record SignBody(string Input, bool Prehashed);

internal sealed record SignAnswer(SignData? Data);

internal sealed record SignData(string? Signature);

internal sealed record KeyAnswer(KeyData? Data);

// A version of a symmetric key is a number, its time of creation; one of an asymmetric key is an object.
internal sealed record KeyData(string? Type, int LatestVersion, Dictionary<string, JsonElement>? Keys);

internal sealed record SealAnswer(bool Initialized, bool? Sealed, int? T, int? N, int Progress, string? Type, string? Version);

internal sealed record UnsealBody(string? Key, bool? Reset);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ErrorAnswer))]
[JsonSerializable(typeof(LoginAnswer))]
[JsonSerializable(typeof(LookupAnswer))]
[JsonSerializable(typeof(AppRoleLoginBody))]
[JsonSerializable(typeof(JwtLoginBody))]
[JsonSerializable(typeof(SignBody))]
[JsonSerializable(typeof(SignAnswer))]
[JsonSerializable(typeof(KeyAnswer))]
[JsonSerializable(typeof(SealAnswer))]
[JsonSerializable(typeof(UnsealBody))]
internal sealed partial class VaultJson : JsonSerializerContext;
