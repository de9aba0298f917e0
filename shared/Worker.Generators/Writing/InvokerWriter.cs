using System.Text;
using Ebb.Worker.Generators.Models;

namespace Ebb.Worker.Generators.Writing;

/// <summary>Writes the method that makes a function's class, binds its parameters, calls it and binds what comes back.</summary>
internal static class InvokerWriter
{
    private const string Binding = "global::Ebb.Worker.FunctionBinding";
    private const string Result = "global::Ebb.Worker.FunctionResult";
    private const string ValueTask = "global::System.Threading.Tasks.ValueTask";

    public static void Write(StringBuilder source, FunctionModel function, string name)
    {
        var call = function.Call;
        var isAsync = call.IsAwaited || call.Disposal is Disposal.Asynchronous;
        source.Line($"    private static {(isAsync ? "async " : string.Empty)}{ValueTask}<{Result}> {name}(global::Ebb.Worker.FunctionContext context)")
            .Line("    {");
        var target = call.Type;
        if (call.Services is { } services)
        {
            target = "instance";
            var arguments = string.Join(", ", services.Select(service => $"{Binding}.Service<{service}>(context)"));
            source.Line($"        {Keyword(call.Disposal)}var instance = new {call.Type}({arguments});");
        }

        var invocation = $"{(call.IsAwaited ? "await " : string.Empty)}{target}.{call.Method}({string.Join(", ", call.Arguments)})";
        source.Line(call.Returns is ReturnKind.Nothing ? $"        {invocation};" : $"        var result = {invocation};");
        var bound = Bound(call.Returns);
        source.Line(isAsync ? $"        return {bound};" : $"        return new {ValueTask}<{Result}>({bound});")
            .Line("    }");
    }

    private static string Keyword(Disposal disposal) => disposal switch
    {
        Disposal.Asynchronous => "await using ",
        Disposal.Synchronous => "using ",
        _ => string.Empty,
    };

    private static string Bound(ReturnKind returns) => returns switch
    {
        ReturnKind.Http => $"{Binding}.FromHttp(result)",
        ReturnKind.Value => $"{Binding}.FromValue(context, result)",
        _ => $"{Binding}.None",
    };
}
