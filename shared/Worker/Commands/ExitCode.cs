using Ebb.Storage;

namespace Ebb.Worker.Commands;

/// <summary>What the process says at its end, and the words that go with it.</summary>
internal static class ExitCode
{
    public const int Succeeded = 0;
    public const int Failed = 1;
    public const int WrongUsage = 2;

    /// <summary>Runs a command; problems that have words of their own are said on standard error, without a stack.</summary>
    public static async Task<int> OfAsync(HostEnvironment environment, Func<Task<int>> command)
    {
        try
        {
            return await command();
        }
        catch (Exception e) when (e is HostStartException or UsageException)
        {
            await environment.Error.WriteLineAsync(e.Message);
            return WrongUsage;
        }
        catch (Exception e) when (e is HostStorageException or RemoteHostException)
        {
            await environment.Error.WriteLineAsync(e.Message);
            return Failed;
        }
        catch (IOException e) when (e.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            await environment.Error.WriteLineAsync($"{e.Message} Stop what listens there, or give another address: --urls http://127.0.0.1:8081");
            return Failed;
        }
    }
}
