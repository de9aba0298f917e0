using Ebb.EtcdBackup;
using Ebb.ImageMirror;
using Ebb.PrPreview;
using Ebb.SecretBump;
using Ebb.Webhooks;
using Ebb.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
await builder.AddFunctionAppsAsync(builder, [new WebhooksApp(), new ImageMirrorApp(), new EtcdBackupApp(), new PrPreviewApp(), new SecretBumpApp()]);
await builder.Build().RunAsync();
