using Ebb.EtcdBackup;
using Ebb.Worker;

return await FunctionHost.RunAsync(args, new EtcdBackupApp());
