using System.Security.Cryptography;

namespace Ebb.TestServers.Registry;

/// <summary>Content with its digest and media type.</summary>
public sealed record TestBlob(byte[] Content, string MediaType)
{
    public string Digest { get; } = "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Content));

    /// <summary>The descriptor.</summary>
    public string Descriptor => "{" + DescriptorMembers + "}";

    /// <summary>The descriptor's members without braces, so that more can follow.</summary>
    public string DescriptorMembers => $"\"mediaType\":\"{MediaType}\",\"digest\":\"{Digest}\",\"size\":{Content.Length}";
}
