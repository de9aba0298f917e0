using System.Security.Cryptography;

namespace Ebb.Age.Tests;

public sealed class VectorTests
{
    public static TheoryData<string> Names =>
        Directory.Exists(Vector.Folder) ? [.. Directory.EnumerateFiles(Vector.Folder).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)] : ["(none)"];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Decrypt_Vector_EndsAsTheVectorSays(string name)
    {
        Assert.SkipUnless(Directory.Exists(Vector.Folder), $"{Vector.Folder} is missing: put C2SP/CCTV's age/testdata there.");
        var vector = Vector.Read(Path.Combine(Vector.Folder, name));
        Assert.SkipWhen(vector is null, "It has keys that this reader does not know.");

        // In one piece and byte by byte: how the input arrives must make no difference.
        await CheckAsync(vector!, new MemoryStream(vector!.File));
        if (vector.File.Length < 100_000)
        {
            await CheckAsync(vector, new DrippingStream(vector.File));
        }
    }

    private static async Task CheckAsync(Vector vector, Stream input)
    {
        var identities = vector.Identities.Select(text => AgeIdentity.Parse(text)).ToArray();
        using var released = new MemoryStream();
        var outcome = "success";
        try
        {
            await using var stream = await AgeDecryptStream.OpenAsync(input, identities, leaveOpen: false, TestContext.Current.CancellationToken);
            await stream.CopyToAsync(released, TestContext.Current.CancellationToken);
        }
        catch (AgeException failure)
        {
            outcome = failure.Failure switch
            {
                AgeFailure.Header => "header failure",
                AgeFailure.NoMatch => "no match",
                AgeFailure.HeaderMac => "HMAC failure",
                _ => "payload failure",
            };
        }

        outcome.ShouldBe(vector.Expected);
        if (vector.PayloadHash is not null)
        {
            Convert.ToHexStringLower(SHA256.HashData(released.ToArray())).ShouldBe(vector.PayloadHash);
        }
    }
}
