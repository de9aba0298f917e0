using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

var app = WebApplication.CreateSlimBuilder(args).Build();
app.MapGet("/healthz/live", context => context.Response.WriteAsync("ok"));
await app.RunAsync();
