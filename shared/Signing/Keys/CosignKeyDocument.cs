using System.Text.Json.Serialization;

namespace Ebb.Signing.Keys;

/// <summary>The JSON inside a <c>cosign.key</c> (go-securesystemslib <c>encrypted</c>). Members are written in this order.</summary>
internal sealed record CosignKeyDocument(
    [property: JsonPropertyName("kdf")] CosignKeyDocument.Derivation Kdf,
    [property: JsonPropertyName("cipher")] CosignKeyDocument.SecretCipher Cipher,
    [property: JsonPropertyName("ciphertext")] byte[] Ciphertext)
{
    internal sealed record Derivation(
        [property: JsonPropertyName("name")] string Name,
        [property: JsonPropertyName("params")] Parameters Params,
        [property: JsonPropertyName("salt")] byte[] Salt);

    internal sealed record Parameters(
        [property: JsonPropertyName("N")] int N,
        [property: JsonPropertyName("r")] int R,
        [property: JsonPropertyName("p")] int P);

    internal sealed record SecretCipher(
        [property: JsonPropertyName("name")] string Name,
        [property: JsonPropertyName("nonce")] byte[] Nonce);
}

[JsonSourceGenerationOptions(RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(CosignKeyDocument))]
internal sealed partial class CosignKeyJson : JsonSerializerContext;
