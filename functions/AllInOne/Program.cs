using Ebb.EtcdBackup;
using Ebb.ImageMirror;
using Ebb.Manifests;
using Ebb.PrPreview;
using Ebb.SecretBump;
using Ebb.Webhooks;
using Ebb.Worker;

IFunctionApp[] apps = [new WebhooksApp(), new ImageMirrorApp(), new EtcdBackupApp(), new PrPreviewApp(), new SecretBumpApp()];
return await FunctionHost.RunAsync(args, [.. apps, new ManifestsApp(apps)]);
