namespace Ebb.GitHosts;

/// <summary>What became of a comment.</summary>
public enum CommentResult
{
    /// <summary>It said so already; nothing was sent.</summary>
    Unchanged,

    /// <summary>It is new.</summary>
    Created,

    /// <summary>It was edited.</summary>
    Edited,
}
