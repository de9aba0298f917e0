namespace Ebb.Age.Tests;

/// <summary>Whole files in memory, through the streams.</summary>
internal static class Ages
{
    public static async Task<byte[]> EncryptAsync(byte[] content, params AgeRecipient[] recipients)
    {
        using var output = new MemoryStream();
        await using var stream = await AgeEncryptStream.CreateAsync(output, recipients, leaveOpen: true, CancellationToken.None);
        await stream.WriteAsync(content);
        await stream.CompleteAsync(CancellationToken.None);
        return output.ToArray();
    }

    public static async Task<byte[]> DecryptAsync(byte[] file, params AgeIdentity[] identities)
    {
        using var released = new MemoryStream();
        await using var stream = await AgeDecryptStream.OpenAsync(new MemoryStream(file), identities, leaveOpen: false, CancellationToken.None);
        await stream.CopyToAsync(released);
        return released.ToArray();
    }
}
