using System.Net;
using System.Text;
using System.Text.Json;
using Ebb.Oci.Transport;

namespace Ebb.Oci.Harbor;

/// <summary>Harbor's project API (API v2.0), by the registry's own credentials.</summary>
public sealed class HarborClient
{
    private readonly HarborApi _api;
    private bool? _isHarbor;

    internal HarborClient(RegistryTransport transport)
    {
        _api = new HarborApi(transport);
        Robots = new HarborRobots(_api);
    }

    /// <summary>Robot accounts of projects.</summary>
    public HarborRobots Robots { get; }

    /// <summary>The project of a repository: its first part.</summary>
    public static string ProjectOf(string repository)
    {
        ArgumentNullException.ThrowIfNull(repository);
        return repository.Split('/')[0];
    }

    /// <summary>True when the registry is a Harbor (<c>GET /api/v2.0/systeminfo</c>).</summary>
    public async Task<bool> IsHarborAsync(CancellationToken cancellationToken)
    {
        if (_isHarbor is { } known)
        {
            return known;
        }

        var call = _api.Call(HttpMethod.Get, "systeminfo", "system information");
        using var response = await _api.SendAsync(call, cancellationToken);
        _isHarbor = response.StatusCode == HttpStatusCode.OK && IsSystemInformation(await response.Content.ReadAsByteArrayAsync(cancellationToken));
        return _isHarbor.Value;
    }

    /// <summary>True when the project exists (<c>HEAD /api/v2.0/projects</c>).</summary>
    /// <exception cref="RegistryException">Harbor does not say.</exception>
    public async Task<bool> ProjectExistsAsync(string project, CancellationToken cancellationToken)
    {
        var call = _api.Call(HttpMethod.Head, $"projects?project_name={Uri.EscapeDataString(project)}", $"project {project}") with { Repository = project };
        using var response = await _api.SendAsync(call, cancellationToken);
        return response.StatusCode switch
        {
            HttpStatusCode.OK => true,
            HttpStatusCode.NotFound => false,
            _ => throw await _api.FailureAsync(call, response, cancellationToken),
        };
    }

    /// <summary>Creates a project; one that exists is left as it is.</summary>
    /// <exception cref="RegistryException">The account may not create projects, or Harbor failed.</exception>
    public async Task CreateProjectAsync(string project, bool isPublic, CancellationToken cancellationToken)
    {
        var call = _api.Call(HttpMethod.Post, "projects", $"project {project}", CreateBody(project, isPublic)) with { Repository = project };
        using var response = await _api.SendAsync(call, cancellationToken);
        if (response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
        {
            throw new RegistryException($"{call}: this account may not create projects.", RegistryFault.Denied)
            {
                Status = response.StatusCode,
                Remedy = "Use a system robot account with the right to create projects, or create the project by hand.",
            };
        }

        if (response.StatusCode is not (HttpStatusCode.Created or HttpStatusCode.Conflict))
        {
            throw await _api.FailureAsync(call, response, cancellationToken);
        }
    }

    internal async Task<bool> IsProjectMissingAsync(string repository, CancellationToken cancellationToken)
    {
        try
        {
            return repository.Contains('/') && await IsHarborAsync(cancellationToken) && !await ProjectExistsAsync(ProjectOf(repository), cancellationToken);
        }
        catch (RegistryException)
        {
            // The question only sharpens another failure, which is then reported as it is.
            return false;
        }
    }

    private static bool IsSystemInformation(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("auth_mode", out _);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static byte[] CreateBody(string project, bool isPublic)
    {
        var metadata = $$"""{"public":"{{(isPublic ? "true" : "false")}}"}""";
        return Encoding.UTF8.GetBytes($$"""{"project_name":"{{JsonEncodedText.Encode(project)}}","metadata":{{metadata}}}""");
    }
}
