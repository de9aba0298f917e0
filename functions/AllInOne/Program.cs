using Ebb.ImageMirror;
using Ebb.Webhooks;
using Ebb.Worker;

return await FunctionHost.RunAsync(args, new WebhooksApp(), new ImageMirrorApp());
