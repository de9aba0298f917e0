using Ebb.GitHosts.Transport;

namespace Ebb.GitHosts.Hosts;

/// <summary>A build status as both Bitbuckets take it: the same key replaces, and an address is required.</summary>
internal static class BitbucketStatus
{
    public static HostRequest Request(string path, CommitStatus status, Uri page) => HostRequest.Send(HttpMethod.Post, path, json =>
    {
        json.WriteString("key", status.Context);
        json.WriteString("name", status.Context);
        json.WriteString("state", status.State switch { CommitState.Success => "SUCCESSFUL", CommitState.Failure => "FAILED", _ => "INPROGRESS" });
        json.WriteString("description", Segments.Cut(status.Description, CommitStatus.MaxDescriptionLength));
        json.WriteString("url", (status.Target ?? page).AbsoluteUri);
    }) with { Repeatable = true };
}
