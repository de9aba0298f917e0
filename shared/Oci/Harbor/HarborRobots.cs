using System.Globalization;
using System.Net;
using System.Text.Json;
using Ebb.Oci.Transport;

namespace Ebb.Oci.Harbor;

/// <summary>
/// Robot accounts of Harbor projects (API v2.0, swagger.yaml of Harbor 2.13, "robot"). The account that is logged in administers the project.
/// A robot's life is fixed when it is made: a new secret by PATCH does not prolong it, so whoever wants a fresh one deletes and creates.
/// </summary>
public sealed class HarborRobots
{
    private const int PageSize = 100;
    private const int MaxPages = 100;

    private readonly HarborApi _api;

    internal HarborRobots(HarborApi api) => _api = api;

    /// <summary>The robot of a project by the name that it was made with; null when there is none.</summary>
    /// <param name="project">The project's name.</param>
    /// <param name="name">The robot's name without prefix and project.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="RegistryException">Harbor does not say; <see cref="RegistryFault.ProjectMissing"/> where the project does not exist.</exception>
    public async Task<HarborRobot?> FindAsync(string project, string name, CancellationToken cancellationToken)
    {
        var id = await ProjectIdAsync(project, cancellationToken);
        for (var page = 1; page <= MaxPages; page++)
        {
            var call = _api.Call(
                HttpMethod.Get, string.Create(CultureInfo.InvariantCulture, $"robots?q=Level%3Dproject%2CProjectID%3D{id}&page={page}&page_size={PageSize}"), $"robots of project {project}");
            var robots = await ReadAsync(call, HttpStatusCode.OK, root => root.EnumerateArray().Select(RobotOf).ToList(), cancellationToken);
            if (robots.Find(robot => robot.Name.EndsWith($"{project}+{name}", StringComparison.Ordinal)) is { } found)
            {
                return found;
            }

            if (robots.Count < PageSize)
            {
                return null;
            }
        }

        throw new RegistryException($"The Harbor project '{project}' has more than {MaxPages * PageSize} robots", RegistryFault.Protocol) { Remedy = "Delete those that nobody uses." };
    }

    /// <summary>Makes a robot that may pull from every repository of one project, and nothing else.</summary>
    /// <param name="project">The project's name.</param>
    /// <param name="name">Small letters and digits, single <c>.</c>, <c>_</c> or <c>-</c> between them.</param>
    /// <param name="description">What people see of it.</param>
    /// <param name="days">After how many days it expires, from 1.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="RegistryException">It was not made: the project has one of that name, or Harbor failed. Where the answer was lost it may be there.</exception>
    public async Task<CreatedRobot> CreatePullerAsync(string project, string name, string description, int days, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(days, 1);
        var call = _api.Call(HttpMethod.Post, "robots", $"robot {name} of project {project}", CreateBody(project, name, description, days));
        return await ReadAsync(
            call, HttpStatusCode.Created, root => new CreatedRobot(root.GetProperty("id").GetInt64(), Text(root, "name"), Text(root, "secret")), cancellationToken);
    }

    /// <summary>Deletes a robot; one that is gone already is none to delete. Who logs in as it is refused from then on.</summary>
    /// <exception cref="RegistryException">Harbor refuses or failed.</exception>
    public async Task DeleteAsync(HarborRobot robot, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(robot);
        var call = _api.Call(HttpMethod.Delete, string.Create(CultureInfo.InvariantCulture, $"robots/{robot.Id}"), $"robot {robot.Name}");
        using var response = await _api.SendAsync(call, cancellationToken);
        if (response.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.NotFound))
        {
            throw await FailureAsync(call, response, cancellationToken);
        }
    }

    private async Task<long> ProjectIdAsync(string project, CancellationToken cancellationToken)
    {
        var call = _api.Call(HttpMethod.Get, $"projects/{Uri.EscapeDataString(project)}", $"project {project}") with { Repository = project };
        return await ReadAsync(call, HttpStatusCode.OK, static root => root.GetProperty("project_id").GetInt64(), cancellationToken, whenNotFound: response => _api.ProjectMissing(call, project, response));
    }

    private async Task<T> ReadAsync<T>(
        RegistryCall call, HttpStatusCode expected, Func<JsonElement, T> read, CancellationToken cancellationToken, Func<HttpResponseMessage, RegistryException>? whenNotFound = null)
    {
        using var response = await _api.SendAsync(call, cancellationToken);
        if (response.StatusCode != expected)
        {
            throw response.StatusCode is HttpStatusCode.NotFound && whenNotFound is not null ? whenNotFound(response) : await FailureAsync(call, response, cancellationToken);
        }

        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        try
        {
            using var document = JsonDocument.Parse(body);
            return read(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            // What was answered is not shown: it may hold a secret.
            throw new RegistryException($"{call}: the answer is not what Harbor's API v2.0 gives", RegistryFault.Protocol) { Remedy = "Check that the address is a Harbor's." };
        }
    }

    private async Task<RegistryException> FailureAsync(RegistryCall call, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var failure = await _api.FailureAsync(call, response, cancellationToken);
        return failure.Fault is RegistryFault.Denied or RegistryFault.Unauthorized
            ? failure.WithRemedy("Use an account that administers the project: a project admin, or a system robot with the rights to create, list and delete its robots and to read it.")
            : failure;
    }

    private static HarborRobot RobotOf(JsonElement robot) => new(
        robot.GetProperty("id").GetInt64(), Text(robot, "name"),
        robot.TryGetProperty("description", out var description) && description.ValueKind is JsonValueKind.String ? description.GetString()! : "");

    private static string Text(JsonElement element, string name) =>
        element.GetProperty(name).GetString() is { Length: > 0 } text ? text : throw new FormatException($"{name} is empty.");

    private static byte[] CreateBody(string project, string name, string description, int days)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("name", name);
            json.WriteString("description", description);
            json.WriteString("level", "project");
            json.WriteNumber("duration", days);
            json.WriteStartArray("permissions");
            json.WriteStartObject();
            json.WriteString("kind", "project");
            json.WriteString("namespace", project);
            json.WriteStartArray("access");
            json.WriteStartObject();
            json.WriteString("resource", "repository");
            json.WriteString("action", "pull");
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }
}
