using Microsoft.AspNetCore.Http;

namespace Ebb.Worker.Http;

/// <summary>Lets only the master key to an admin endpoint.</summary>
internal sealed class AdminGate(KeyGate keys)
{
    public RequestDelegate Guard(RequestDelegate answer) => http =>
    {
        if (!keys.AdmitsMaster(http.Request, out var caller))
        {
            return keys.RefuseAsync(http, "the master key (host.master)");
        }

        http.Features.Set(caller);
        return answer(http);
    };
}
