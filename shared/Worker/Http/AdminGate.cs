using Microsoft.AspNetCore.Http;

namespace Ebb.Worker.Http;

/// <summary>Lets only the master key to an admin endpoint.</summary>
internal sealed class AdminGate(KeyGate keys)
{
    public RequestDelegate Guard(RequestDelegate answer) => http =>
    {
        if (!keys.AdmitsMaster(http.Request, out var caller))
        {
            return Problem.Unauthorized(http, "the master key (host.master)");
        }

        http.Features.Set(new Caller(caller!));
        return answer(http);
    };
}

/// <summary>Who makes the request.</summary>
internal sealed record Caller(string Name);
