using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Ebb.Storage;
using Ebb.Worker.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Ebb.Worker;

/// <summary>What generated invokers call to bind parameters and return values.</summary>
public static class FunctionBinding
{
    // It says how bytes became text and is no part of that; PowerShell and others write it.
    private const char ByteOrderMark = '\uFEFF';

    /// <summary>The result of a function that returns nothing.</summary>
    public static FunctionResult None => default;

    /// <summary>A service of the invocation's scope.</summary>
    /// <exception cref="InvalidOperationException">Nothing of that type is registered.</exception>
    public static T Service<T>(FunctionContext context)
        where T : notnull
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.InstanceServices.GetService<T>() ?? throw new InvalidOperationException(
            $"Function '{context.Function.Name}' ({context.Function.EntryPoint}) needs a {typeof(T)}, but its app registers " +
            "none. Add it in the app's ConfigureServices.");
    }

    /// <summary>The request that started an HTTP function.</summary>
    public static HttpRequest Http(FunctionContext context) => Trigger<HttpContext>(context).Request;

    /// <summary>What the clock told a timer function.</summary>
    public static TimerInfo Timer(FunctionContext context) => Trigger<TimerInfo>(context);

    /// <summary>The body of the message that started a queue or RabbitMQ function, without a byte order mark.</summary>
    public static string Text(FunctionContext context)
    {
        var body = Trigger<LeasedMessage>(context).Body;
        return body is [ByteOrderMark, .. var text] ? text : body;
    }

    /// <summary>
    /// The body of the message that started a queue function, read as JSON. An empty body means an object with nothing set.
    /// </summary>
    /// <exception cref="MessageFormatException">The body is not the JSON of a <typeparamref name="T"/>.</exception>
    public static T Message<T>(FunctionContext context)
    {
        var body = Text(context);
        try
        {
            return JsonSerializer.Deserialize(body.Length == 0 ? "{}" : body, TypeInfo<T>(context))
                ?? throw new MessageFormatException(typeof(T), "$", "the value is null.");
        }
        catch (JsonException e)
        {
            throw MessageFormatException.Of(typeof(T), e);
        }
    }

    /// <summary>The result of an HTTP function.</summary>
    public static FunctionResult FromHttp(IResult result) => new(result, null);

    /// <summary>The result of a function that returns a value; null means none.</summary>
    public static FunctionResult FromValue<T>(FunctionContext context, T value) =>
        value is null ? None : new(null, ReadableJson.Text(value, TypeInfo<T>(context)));

    private static JsonTypeInfo<T> TypeInfo<T>(FunctionContext context) =>
        (JsonTypeInfo<T>)Service<JsonSerializerOptions>(context).GetTypeInfo(typeof(T));

    private static T Trigger<T>(FunctionContext context)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.TriggerData as T ?? throw new InvalidOperationException(
            $"Function '{context.Function.Name}' ({context.Function.EntryPoint}) binds a {typeof(T).Name}, but its trigger " +
            $"brought a {context.TriggerData.GetType().Name}. Rebuild the app, so that its function index matches its code.");
    }
}
