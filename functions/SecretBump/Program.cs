using Ebb.SecretBump;
using Ebb.Worker;

return await FunctionHost.RunAsync(args, new SecretBumpApp());
