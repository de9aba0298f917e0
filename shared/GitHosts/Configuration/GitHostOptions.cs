using Ebb.Contracts.PullRequests;
using Ebb.Http;

namespace Ebb.GitHosts.Configuration;

/// <summary>How one Git host is reached: <c>Git:Hosts:&lt;name&gt;</c>.</summary>
public sealed record GitHostOptions
{
    /// <summary>The name; a hook's <c>Server</c> names it.</summary>
    public required string Name { get; init; }

    /// <summary>The product (<c>Kind</c>). Default: the one that the section is named after.</summary>
    public required GitHostKind Kind { get; init; }

    /// <summary>
    /// Where it is (<c>Address</c>): the page people open, such as <c>https://gitlab.example.com</c>, for Azure DevOps with the organisation
    /// or collection, for GitHub Enterprise Server with <c>/api/v3</c>. Defaults: <c>https://api.github.com</c>, <c>https://gitlab.com</c>,
    /// <c>https://api.bitbucket.org</c>; the others need one.
    /// </summary>
    public required Uri Address { get; init; }

    /// <summary>A file with a token (<c>TokenFile</c>); read for each request, so that a rotated one needs no restart.</summary>
    public string? TokenFile { get; init; }

    /// <summary>An Entra ID login (<c>Entra</c>); Azure DevOps only.</summary>
    public EntraOptions? Entra { get; init; }

    /// <summary>
    /// The name under which our comments appear (<c>Account</c>). Default: the host is asked. GitHub does not tell an app's installation
    /// token: write <c>&lt;app&gt;[bot]</c> there.
    /// </summary>
    public string? Account { get; init; }

    /// <summary>A PEM file with the CA of its certificate (<c>CaFile</c>); null: those of the system.</summary>
    public string? CaFile { get; init; }

    /// <summary>Allows plain HTTP to another machine (<c>PlainHttp</c>). Default false.</summary>
    public bool PlainHttp { get; init; }

    /// <summary>Retries and time-outs.</summary>
    public ResilienceOptions Resilience { get; init; } = new() { AttemptTimeout = TimeSpan.FromSeconds(30) };
}
