using Ebb.Worker;
using Ebb.Worker.SampleApp;

return await FunctionHost.RunAsync(args, new SampleFunctionApp());
