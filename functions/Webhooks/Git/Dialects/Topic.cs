namespace Ebb.Webhooks.Git.Dialects;

/// <summary>What a delivery is about.</summary>
internal enum Topic
{
    /// <summary>Nothing that matters here; the body is not looked at.</summary>
    Nothing,

    /// <summary>A test of the hook.</summary>
    Ping,

    /// <summary>Perhaps a pull request: the body says.</summary>
    PullRequest,
}
