using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace Ebb.TestServers.Registry;

/// <summary>
/// Harbor's robot API v2.0, as strict as src/server/v2.0/handler/robot.go. https://github.com/goharbor/harbor/blob/v2.13.0/api/v2.0/swagger.yaml
/// </summary>
internal sealed partial class HarborRobotEndpoints(FaultyRegistry registry)
{
    private const int MaxPageSize = 100;

    private HarborRobotState State => registry.Robots;

    public async Task<bool> TryAsync(HttpContext context)
    {
        if (registry.Behaviour.HarborProjects is null || !context.Request.Path.StartsWithSegments("/api/v2.0", StringComparison.Ordinal, out var path))
        {
            return false;
        }

        var parts = path.Value!.Trim('/').Split('/');
        Func<HttpContext, Task>? answer = (context.Request.Method, parts) switch
        {
            ("GET", ["projects", { } name]) => it => ProjectAsync(it, name),
            ("GET", ["robots"]) => ListAsync,
            ("POST", ["robots"]) => CreateAsync,
            ("DELETE", ["robots", { } id]) => it => DeleteAsync(it, id),
            _ => null,
        };
        if (answer is null)
        {
            return false;
        }

        await (Refusal(context.Request) is { } status ? RefuseAsync(context, status) : answer(context));
        return true;
    }

    private int? Refusal(HttpRequest request)
    {
        var authorization = request.Headers.Authorization.ToString();
        return authorization == Basic(State.Admin) ? null : authorization == Basic(State.Guest) ? 403 : 401;
    }

    private static string Basic((string Name, string Password) account) =>
        "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{account.Name}:{account.Password}"));

    private static Task RefuseAsync(HttpContext context, int status) =>
        status == 401 ? Answers.ErrorAsync(context, 401, "UNAUTHORIZED", "unauthorized") : Answers.ErrorAsync(context, 403, "FORBIDDEN", "forbidden");

    private async Task ProjectAsync(HttpContext context, string name)
    {
        if (IdOf(name) is not { } id)
        {
            await Answers.ErrorAsync(context, 404, "NOT_FOUND", $"project {name} not found");
            return;
        }

        await JsonAsync(context, 200, new JsonObject { ["project_id"] = id, ["name"] = name });
    }

    private async Task ListAsync(HttpContext context)
    {
        var query = Query().Match(context.Request.Query["q"].ToString());
        if (!query.Success)
        {
            await Answers.ErrorAsync(context, 400, "BAD_REQUEST", "must with project ID when to query project robots");
            return;
        }

        var (page, size) = (Number(context, "page", 1), Number(context, "page_size", 10));
        if (page < 1 || size is < 1 or > MaxPageSize)
        {
            await Answers.ErrorAsync(context, 422, "UNPROCESSABLE_ENTITY", "page_size in query should be less than or equal to 100");
            return;
        }

        var project = registry.Behaviour.HarborProjects!.ElementAtOrDefault(int.Parse(query.Groups["id"].Value, CultureInfo.InvariantCulture) - 1);
        var robots = State.All.Where(robot => robot.Project == project).Skip((page - 1) * size).Take(size);
        await JsonAsync(context, 200, new JsonArray([.. robots.Select(robot => (JsonNode)Shown(robot))]));
    }

    private async Task CreateAsync(HttpContext context)
    {
        var body = (await JsonNode.ParseAsync(context.Request.Body))!.AsObject();
        var permissions = body["permissions"] as JsonArray ?? [];
        var (name, duration) = (body["name"]?.GetValue<string>() ?? "", body["duration"]?.GetValue<long>() ?? 0);
        var project = permissions.Count == 1 ? permissions[0]!["namespace"]?.GetValue<string>() : null;
        if (!LegalName().IsMatch(name) || duration < -1 || body["level"]?.GetValue<string>() != "project" || project is null
            || permissions[0]!["kind"]?.GetValue<string>() != "project" || permissions[0]!["access"] is not JsonArray { Count: > 0 })
        {
            await Answers.ErrorAsync(context, 400, "BAD_REQUEST", "bad request");
        }
        else if (IdOf(project) is null)
        {
            await Answers.ErrorAsync(context, 404, "NOT_FOUND", $"project {project} not found");
        }
        else if (State.Add(project, name, body["description"]?.GetValue<string>() ?? "", duration, permissions.DeepClone().AsArray()) is not { } made)
        {
            await Answers.ErrorAsync(context, 409, "CONFLICT", $"robot account {name} already exists");
        }
        else
        {
            var shown = Shown(made);
            shown["secret"] = made.Secret;
            context.Response.Headers.Location = $"/api/v2.0/robots/{made.Id}";
            await JsonAsync(context, 201, shown);
        }
    }

    private async Task DeleteAsync(HttpContext context, string id)
    {
        if (!long.TryParse(id, out var number) || !State.Remove(number))
        {
            await Answers.ErrorAsync(context, 404, "NOT_FOUND", $"robot account {id} not found");
        }
    }

    private static JsonObject Shown(StandInRobot robot) => new()
    {
        ["id"] = robot.Id,
        ["name"] = robot.FullName,
        ["description"] = robot.Description,
        ["level"] = "project",
        ["duration"] = robot.Duration,
        ["expires_at"] = robot.Duration < 0 ? -1 : robot.ExpiresAt.ToUnixTimeSeconds(),
    };

    private int? IdOf(string project) => registry.Behaviour.HarborProjects!.ToList().IndexOf(project) is >= 0 and var index ? index + 1 : null;

    private static int Number(HttpContext context, string key, int fallback) =>
        context.Request.Query.ContainsKey(key) ? int.Parse(context.Request.Query[key].ToString(), CultureInfo.InvariantCulture) : fallback;

    private static Task JsonAsync(HttpContext context, int status, JsonNode body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(body.ToJsonString(JsonSerializerOptions.Default));
    }

    [GeneratedRegex(@"\ALevel=project,ProjectID=(?<id>[0-9]+)\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Query();

    [GeneratedRegex(@"\A[a-z0-9]+(?:[._-][a-z0-9]+)*\z")]
    private static partial Regex LegalName();
}
