namespace Ebb.TestServers.Registry;

/// <summary>A request as it arrived.</summary>
/// <param name="Method">The method.</param>
/// <param name="Path">The path without the query.</param>
/// <param name="Query">The query with its question mark, or empty.</param>
/// <param name="Authorization">The Authorization header, or null.</param>
/// <param name="Range">The Range or Content-Range header, or null.</param>
public sealed record RecordedRequest(string Method, string Path, string Query, string? Authorization, string? Range)
{
    public override string ToString() => $"{Method} {Path}{Query}{(Range is null ? "" : $" [{Range}]")}";
}
