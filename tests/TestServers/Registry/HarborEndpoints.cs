using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Ebb.TestServers.Registry;

/// <summary>Harbor's project API v2.0 and its habit of hiding missing projects. https://github.com/goharbor/harbor/blob/v2.13.0/api/v2.0/swagger.yaml</summary>
internal sealed class HarborEndpoints(FaultyRegistry registry)
{
    private readonly ConcurrentDictionary<string, bool> _created = new();

    public async Task<bool> TryApiAsync(HttpContext context)
    {
        if (registry.Behaviour.HarborProjects is null || !context.Request.Path.StartsWithSegments("/api/v2.0", StringComparison.Ordinal, out var path))
        {
            return false;
        }

        switch (context.Request.Method, path.Value)
        {
            case ("GET", "/systeminfo"):
                context.Response.ContentType = "application/json";
                await context.Response.WriteAsync("""{"auth_mode":"db_auth","registry_url":"harbor.test"}""");
                break;
            case ("HEAD", "/projects"):
                context.Response.StatusCode = Exists(context.Request.Query["project_name"].ToString()) ? 200 : 404;
                break;
            case ("POST", "/projects"):
                await CreateAsync(context);
                break;
            default:
                await Answers.ErrorAsync(context, 404, "NOT_FOUND", "no such path");
                break;
        }

        return true;
    }

    public async Task<bool> TryRefuseAsync(HttpContext context)
    {
        if (registry.Behaviour.HarborProjects is null || !context.Request.Path.StartsWithSegments("/v2", StringComparison.Ordinal, out var rest)
            || rest.Value is null or "/" or "" || Exists(rest.Value.TrimStart('/').Split('/')[0]))
        {
            return false;
        }

        context.Response.Headers.WWWAuthenticate = "";
        await Answers.ErrorAsync(context, 401, "UNAUTHORIZED", "unauthorized to access repository");
        return true;
    }

    private bool Exists(string project) => registry.Behaviour.HarborProjects!.Contains(project) || _created.ContainsKey(project);

    private async Task CreateAsync(HttpContext context)
    {
        if (!registry.Behaviour.MayCreateProjects)
        {
            await Answers.ErrorAsync(context, 403, "FORBIDDEN", "forbidden");
            return;
        }

        using var body = await JsonDocument.ParseAsync(context.Request.Body);
        var name = body.RootElement.GetProperty("project_name").GetString()!;
        context.Response.StatusCode = !registry.Behaviour.HarborProjects!.Contains(name) && _created.TryAdd(name, true) ? 201 : 409;
    }
}
