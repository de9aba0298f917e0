using Microsoft.AspNetCore.Http;

namespace Ebb.Worker.Http;

/// <summary>An answer that leaves no run; the request carries it as a feature for <see cref="Invocations.Recorded"/>.</summary>
internal sealed class UnrecordedResult(IResult answer) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Features.Set(this);
        return answer.ExecuteAsync(httpContext);
    }
}
