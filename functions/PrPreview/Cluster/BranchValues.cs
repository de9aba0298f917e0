using System.Text.Json.Nodes;
using Ebb.Contracts.PullRequests;
using Ebb.GitHosts;
using Ebb.PrPreview.Settings;
using Ebb.PrPreview.Values;

namespace Ebb.PrPreview.Cluster;

/// <summary>Reads what a branch sets at a commit, and leaves out what it may not.</summary>
internal sealed class BranchValues(PreviewOptions options)
{
    /// <summary>The allowed values and the keys that were left out. Without a client of the host, or without the file, there are none.</summary>
    /// <exception cref="PreviewException">The file cannot be used.</exception>
    public async Task<(JsonObject Values, IReadOnlyList<string> LeftOut)> ReadAsync(
        IGitHost? host, GitRepository repository, CommitSha sha, CancellationToken cancellationToken)
    {
        var file = host is null
            ? null
            : await host.ReadFileAsync(repository, options.Chart.ValuesFile, sha, BoundedYaml.MaxBytes, cancellationToken);
        return file is null ? ([], []) : Read(file);
    }

    /// <summary>The same for a file that is at hand.</summary>
    /// <exception cref="PreviewException">It cannot be used.</exception>
    public (JsonObject Values, IReadOnlyList<string> LeftOut) Read(ReadOnlySpan<byte> file)
    {
        try
        {
            return options.Chart.Allowed.Filter(BoundedYaml.Read(file));
        }
        catch (ValuesException e)
        {
            throw new PreviewException($"{options.Chart.ValuesFile} cannot be used: {e.Message}", e);
        }
    }
}
