using Ebb.PrPreview;
using Ebb.Worker;

return await FunctionHost.RunAsync(args, new PrPreviewApp());
