using System.Diagnostics.CodeAnalysis;

namespace Microsoft.Azure.Functions.Worker.Builder;

/// <summary>
/// What the <c>Program.cs</c> of a function app calls, by the names of the package Microsoft.Azure.Functions.Worker, so that it stays as it is.
/// </summary>
public static class FunctionsApplication
{
    internal const string Reflects = "The app's messages are read and written as JSON by reflection. For a native binary implement Ebb.Worker.IFunctionApp and call FunctionHost.RunAsync.";

    /// <summary>Begins a function app. The arguments are Ebb's command line: none starts the host.</summary>
    [RequiresUnreferencedCode(Reflects)]
    [RequiresDynamicCode(Reflects)]
    public static FunctionsApplicationBuilder CreateBuilder(string[] args) => new(args);
}
