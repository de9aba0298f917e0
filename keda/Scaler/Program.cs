using Ebb.Scaler.Hosting;

return await ScalerProcess.RunAsync(args, Console.Error);
