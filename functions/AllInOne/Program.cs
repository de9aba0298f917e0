using Ebb.ImageMirror;
using Ebb.Manifests;
using Ebb.PrPreview;
using Ebb.Webhooks;
using Ebb.Worker;

IFunctionApp[] apps = [new WebhooksApp(), new ImageMirrorApp(), new PrPreviewApp()];
return await FunctionHost.RunAsync(args, [.. apps, new ManifestsApp(apps)]);
