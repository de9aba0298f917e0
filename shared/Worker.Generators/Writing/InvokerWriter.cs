using System.Text;
using Ebb.Worker.Generators.Models;

namespace Ebb.Worker.Generators.Writing;

/// <summary>Writes the method that makes a function's class, binds its parameters and calls it.</summary>
internal static class InvokerWriter
{
    private const string Binding = "global::Ebb.Worker.FunctionBinding";
    private const string Await = "await ";
    private const string ValueTask = "global::System.Threading.Tasks.ValueTask";

    public static void Write(StringBuilder source, FunctionModel function, string name)
    {
        var call = function.Call;
        var isAsync = call.IsAwaited || call.Disposal is Disposal.Asynchronous || call.Arguments.Any(argument => argument.StartsWith(Await, StringComparison.Ordinal));
        source.Line($"    private static {(isAsync ? "async " : string.Empty)}{ValueTask}<object?> {name}(global::Microsoft.Azure.Functions.Worker.FunctionContext context)")
            .Line("    {");
        var target = call.Type;
        if (call.Services is { } services)
        {
            target = "instance";
            var arguments = string.Join(", ", services.Select(service => $"{Binding}.Service<{service}>(context)"));
            source.Line($"        {Keyword(call.Disposal)}var instance = new {call.Type}({arguments});");
        }

        var invocation = $"{(call.IsAwaited ? Await : string.Empty)}{target}.{call.Method}({string.Join(", ", call.Arguments)})";
        if (call.Returns is ReturnKind.Nothing)
        {
            source.Line($"        {invocation};").Line(isAsync ? "        return null;" : "        return default;");
        }
        else
        {
            source.Line(isAsync ? $"        return {invocation};" : $"        return new {ValueTask}<object?>({invocation});");
        }

        source.Line("    }");
    }

    private static string Keyword(Disposal disposal) => disposal switch
    {
        Disposal.Asynchronous => "await using ",
        Disposal.Synchronous => "using ",
        _ => string.Empty,
    };
}
