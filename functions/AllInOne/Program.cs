using Ebb.EtcdBackup;
using Ebb.ImageMirror;
using Ebb.Manifests;
using Ebb.Webhooks;
using Ebb.Worker;

IFunctionApp[] apps = [new WebhooksApp(), new ImageMirrorApp(), new EtcdBackupApp()];
return await FunctionHost.RunAsync(args, [.. apps, new ManifestsApp(apps)]);
