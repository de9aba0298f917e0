using Ebb.Worker.Http;
using Ebb.Worker.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Ebb.Worker;

/// <summary>What generated readers of results call. A value may be what middleware put in place of the function's own.</summary>
public static class FunctionReturn
{
    /// <summary>The answer of an HTTP function; null when middleware has answered already.</summary>
    public static FunctionResult Http(FunctionContext context, object? value) => new(
        value switch
        {
            IActionResult action => new ActionAnswer(action),
            _ => As<IResult>(context, value),
        },
        null);

    /// <summary>The result of a function that returns a value; null means none.</summary>
    public static FunctionResult Value<T>(FunctionContext context, object? value) =>
        value is null ? FunctionBinding.None : new(null, Json(context, Cast<T>(context, value)));

    /// <summary>The same, and it is sent as well.</summary>
    public static FunctionResult Sent<T>(FunctionContext context, object? value) =>
        Value<T>(context, value) is { Json: { } json } result ? result with { Outputs = [new(OutputDefinition.ReturnValue, [json])] } : FunctionBinding.None;

    /// <summary>The same, each element by itself.</summary>
    public static FunctionResult SentEach<T>(FunctionContext context, object? value) =>
        Value<T[]>(context, value) with { Outputs = [Each(context, OutputDefinition.ReturnValue, As<T[]>(context, value))] };

    /// <summary>What goes to one output: nothing when it is null.</summary>
    public static OutputValue One<T>(FunctionContext context, string name, T? value) => new(name, value is null ? [] : [Json(context, value)]);

    /// <summary>What goes to one output: each element by itself, nothing when it is null.</summary>
    public static OutputValue Each<T>(FunctionContext context, string name, T[]? values) =>
        new(name, [.. (values ?? []).Where(value => value is not null).Select(value => Json(context, value))]);

    /// <summary>The object whose properties are outputs; null when there is none.</summary>
    /// <exception cref="InvalidOperationException">It is something else.</exception>
    public static T? As<T>(FunctionContext context, object? value)
        where T : class => value is null ? null : Cast<T>(context, value);

    private static string Json<T>(FunctionContext context, T value) => ReadableJson.Text(value, FunctionBinding.TypeInfo<T>(context));

    private static T Cast<T>(FunctionContext context, object value) => value is T expected ? expected : throw new InvalidOperationException(
        $"The result of function '{context?.FunctionDefinition.Name}' is a {typeof(T)}, but a middleware put a {value.GetType()} in its place.");
}
