using Microsoft.AspNetCore.Http;

namespace Ebb.Worker.Http;

/// <summary>Answers with a <see cref="Problem"/>.</summary>
internal sealed class ProblemResult(int status, string detail) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext) => Problem.Of(status, detail).WriteAsync(httpContext);
}
