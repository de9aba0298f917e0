namespace Ebb.TestServers.Git;

/// <summary>A repository of a stand-in.</summary>
public sealed class GitRepositoryState(string id, string fullName)
{
    /// <summary>As the host writes it in answers: a number, or a UUID.</summary>
    public string Id { get; } = id;

    /// <summary><c>owner/name</c>; settable, for a rename.</summary>
    public string FullName { get; set; } = fullName;

    public string Owner => FullName[..FullName.LastIndexOf('/')];

    public string Name => FullName[(FullName.LastIndexOf('/') + 1)..];

    /// <summary>False: the token may not see it, and the host answers as if it were not there.</summary>
    public bool Visible { get; set; } = true;

    /// <summary>The commits that exist, full names.</summary>
    public HashSet<string> Commits { get; } = new(StringComparer.Ordinal);

    /// <summary>Files by commit and path.</summary>
    public Dictionary<(string Commit, string Path), byte[]> Files { get; } = [];

    public SortedDictionary<int, GitPull> Pulls { get; } = [];

    public List<GitStatus> Statuses { get; } = [];

    public List<GitComment> Comments { get; } = [];

    /// <summary>Adds a commit with one file.</summary>
    public GitRepositoryState WithFile(string commit, string path, string content)
    {
        Commits.Add(commit);
        Files[(commit, path)] = System.Text.Encoding.UTF8.GetBytes(content);
        return this;
    }

    /// <summary>Opens a pull request.</summary>
    public GitPull Open(int number, string branch, string head)
    {
        Commits.Add(head);
        return Pulls[number] = new GitPull { Number = number, SourceBranch = branch, Head = head, SourceRepository = this };
    }
}

/// <summary>A status that was set.</summary>
public sealed record GitStatus(int? Pull, string Commit, string State, string Context, string Description, string? Target);
