using System.Text;
using Ebb.Worker.Generators.Models;
using static Ebb.Worker.Generators.Writing.Literals;

namespace Ebb.Worker.Generators.Writing;

/// <summary>Writes how what a function returned is understood.</summary>
internal static class ResultWriter
{
    private const string Return = "global::Ebb.Worker.FunctionReturn";
    private const string Result = "global::Ebb.Worker.FunctionResult";

    /// <summary>The reader as an expression; null when nothing is returned.</summary>
    public static string? Reader(CallModel call, string name) => call.Returns switch
    {
        ReturnKind.Http => $"{Return}.Http",
        ReturnKind.Value => $"{Return}.Value<{call.ResultType}>",
        ReturnKind.Sent => $"{Return}.Sent<{call.ResultType}>",
        ReturnKind.SentEach => $"{Return}.SentEach<{call.ResultType!.Substring(0, call.ResultType.Length - 2)}>",
        ReturnKind.Parts => name,
        _ => null,
    };

    /// <summary>The method that reads an object whose properties are outputs; nothing for what needs none of its own.</summary>
    public static void Write(StringBuilder source, FunctionModel function, string name)
    {
        if (function.Call.Returns is not ReturnKind.Parts)
        {
            return;
        }

        var answer = function.Call.Parts.FirstOrDefault(part => part.Output is null);
        source.Line().Line($"    private static {Result} {name}(global::Microsoft.Azure.Functions.Worker.FunctionContext context, object? value) =>")
            .Line($"        {Return}.As<{function.Call.ResultType}>(context, value) is not {{ }} parts ? default : new {Result}({(answer is null ? "null" : $"{Return}.Http(context, parts.{answer.Property}).Http")}, null)")
            .Line("        {")
            .Line("            Outputs = new global::Ebb.Worker.OutputValue[]")
            .Line("            {");
        foreach (var part in function.Call.Parts.Where(part => part.Output is not null))
        {
            source.Line($"                {Return}.{(part.IsEach ? "Each" : "One")}<{part.Type}>(context, {Text(part.Output!)}, parts.{part.Property}),");
        }

        source.Line("            },").Line("        };");
    }
}
