namespace Ebb.Worker;

/// <summary>The process: command line, host and listeners of one or several function apps.</summary>
public static class FunctionHost
{
    /// <summary>
    /// Runs the command line: <c>start</c> (default), <c>run</c>, <c>functions</c>, <c>runs</c>, <c>queue</c> and what
    /// the apps add.
    /// </summary>
    /// <returns>The exit code: 0 succeeded, 1 failed, 2 wrong usage or configuration.</returns>
    public static Task<int> RunAsync(string[] args, params IReadOnlyList<IFunctionApp> apps) =>
        throw new NotSupportedException("filled in by the runtime");
}
