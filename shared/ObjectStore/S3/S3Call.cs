namespace Ebb.ObjectStore.S3;

/// <summary>One operation, for messages and limits.</summary>
/// <param name="What">The operation as the S3 API calls it, such as <c>UploadPart 3</c>.</param>
/// <param name="Target">The key or the prefix.</param>
/// <param name="Bytes">How much is sent or received, at most.</param>
internal sealed record S3Call(string What, string Target, long Bytes = 0)
{
    /// <summary>How often it was tried.</summary>
    public int Attempts { get; set; }

    /// <summary>The operation and what it is about.</summary>
    public override string ToString() => $"{What} '{Target}'";
}
