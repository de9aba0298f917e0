using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Routing;

namespace Ebb.Worker.Http;

/// <summary>An answer of MVC. Its executors are the app's to register: <c>services.AddMvcCore()</c>.</summary>
internal sealed class ActionAnswer(IActionResult action) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext) =>
        action.ExecuteResultAsync(new ActionContext(httpContext, httpContext.GetRouteData(), new ActionDescriptor()));
}
