using Company.FunctionApp;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

var builder = FunctionsApplication.CreateBuilder(args);

builder.ConfigureFunctionsWebApplication();

builder.UseMiddleware<StampHttpHeaderMiddleware>();

builder.Services.AddSingleton<IOrderStore, OrderStore>();

builder.Build().Run();
