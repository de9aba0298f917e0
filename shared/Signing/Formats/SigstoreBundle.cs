using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Ebb.Oci;

namespace Ebb.Signing.Formats;

/// <summary>
/// The sigstore bundle of an image signature: a DSSE envelope around an in-toto statement (sigstore protobuf-specs
/// <c>sigstore_bundle.proto</c> v0.3; in-toto Statement v1; DSSE v1.0).
/// </summary>
internal static class SigstoreBundle
{
    public const string MediaType = "application/vnd.dev.sigstore.bundle.v0.3+json";
    public const string PredicateType = "https://sigstore.dev/cosign/sign/v1";
    public const int MaxBytes = 256 * 1024;

    private const string PayloadType = "application/vnd.in-toto+json";
    private const string StatementType = "https://in-toto.io/Statement/v1";

    /// <summary>The statement's exact bytes.</summary>
    public static byte[] Statement(Digest subject) => Encoding.UTF8.GetBytes(
        $$$"""{"_type":"{{{StatementType}}}","subject":[{"digest":{"sha256":"{{{subject.Hex}}}"}}],"predicateType":"{{{PredicateType}}}","predicate":{}}""");

    /// <summary>The hash that is signed: of DSSE's pre-authentication encoding.</summary>
    public static byte[] Hash(ReadOnlySpan<byte> statement)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.ASCII.GetBytes($"DSSEv1 {PayloadType.Length} {PayloadType} {statement.Length} "));
        hash.AppendData(statement);
        return hash.GetHashAndReset();
    }

    /// <summary>The bundle's exact bytes.</summary>
    public static byte[] Write(ECDsa key, byte[] statement, byte[] signature) => CanonicalJson.Write(json =>
    {
        json.WriteStartObject();
        json.WriteString("mediaType", MediaType);
        json.WriteStartObject("verificationMaterial");
        json.WriteStartObject("publicKey");
        json.WriteString("hint", Convert.ToBase64String(SHA256.HashData(key.ExportSubjectPublicKeyInfo())));
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteStartObject("dsseEnvelope");
        json.WriteString("payload", Convert.ToBase64String(statement));
        json.WriteString("payloadType", PayloadType);
        json.WriteStartArray("signatures");
        json.WriteStartObject();
        json.WriteString("sig", Convert.ToBase64String(signature));
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    });

    /// <summary>True when a bundle that somebody wrote is a signature of this manifest by this key.</summary>
    public static bool Verifies(ReadOnlyMemory<byte> bundle, Digest subject, ECDsa key)
    {
        try
        {
            using var document = JsonDocument.Parse(bundle);
            return document.RootElement.TryGetProperty("dsseEnvelope", out var envelope)
                && envelope.GetProperty("payloadType").ValueEquals(PayloadType)
                && envelope.GetProperty("payload").GetBytesFromBase64() is var statement
                && States(statement, subject)
                && envelope.GetProperty("signatures").EnumerateArray().ToList() is [var only]
                && EcdsaSignatures.Decode(only.GetProperty("sig").GetString()) is { } signature
                && EcdsaSignatures.Verifies(key, Hash(statement), signature);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            // Not a bundle, or not of this shape: no signature of ours.
            return false;
        }
    }

    private static bool States(byte[] statement, Digest subject)
    {
        using var document = JsonDocument.Parse(statement);
        var root = document.RootElement;
        return root.GetProperty("_type").ValueEquals(StatementType)
            && root.GetProperty("predicateType").ValueEquals(PredicateType)
            && root.GetProperty("subject").EnumerateArray()
                .Any(entry => entry.TryGetProperty("digest", out var digests) && digests.TryGetProperty("sha256", out var hex) && hex.ValueEquals(subject.Hex));
    }
}
