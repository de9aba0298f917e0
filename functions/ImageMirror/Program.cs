using Ebb.ImageMirror;
using Ebb.Worker;

return await FunctionHost.RunAsync(args, new ImageMirrorApp());
