namespace Ebb.Age;

/// <summary>An age file cannot be decrypted. Never transient: the same bytes fail again. The message holds no content and no key.</summary>
public sealed class AgeException : IOException
{
    internal AgeException(AgeFailure failure, string message, Exception? inner = null)
        : base(message, inner) => Failure = failure;

    /// <summary>What is wrong.</summary>
    public AgeFailure Failure { get; }
}
