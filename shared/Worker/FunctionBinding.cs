using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Ebb.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace Ebb.Worker;

/// <summary>What generated invokers call to bind parameters.</summary>
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
            $"Function '{context.FunctionDefinition.Name}' ({context.FunctionDefinition.EntryPoint}) needs a {typeof(T)}, but its app registers " +
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

    /// <summary>The body of the message that started a queue or RabbitMQ function, as UTF-8.</summary>
    public static byte[] Bytes(FunctionContext context) => Encoding.UTF8.GetBytes(Text(context));

    /// <summary>
    /// The body of the message that started a queue function, read as JSON. An empty body means an object with nothing set.
    /// </summary>
    /// <exception cref="MessageFormatException">The body is not the JSON of a <typeparamref name="T"/>.</exception>
    public static T Message<T>(FunctionContext context)
    {
        var body = Text(context);
        try
        {
            return JsonSerializer.Deserialize(body.Length == 0 ? "{}" : body, TypeInfo<T>(context)) ?? throw IsNull<T>();
        }
        catch (JsonException e)
        {
            throw MessageFormatException.Of(typeof(T), e);
        }
    }

    /// <summary>The body of the request that started an HTTP function, read as JSON.</summary>
    /// <exception cref="MessageFormatException">The body is not the JSON of a <typeparamref name="T"/>.</exception>
    public static async ValueTask<T> BodyAsync<T>(FunctionContext context)
    {
        var request = Http(context);
        try
        {
            return await JsonSerializer.DeserializeAsync(request.Body, TypeInfo<T>(context), context.CancellationToken) ?? throw IsNull<T>();
        }
        catch (JsonException e)
        {
            throw MessageFormatException.Of(typeof(T), e);
        }
    }

    /// <summary>The body of the request that started an HTTP function, as text.</summary>
    public static async ValueTask<string> BodyTextAsync(FunctionContext context)
    {
        using var reader = new StreamReader(Http(context).Body, leaveOpen: true);
        return await reader.ReadToEndAsync(context.CancellationToken);
    }

    /// <summary>The body of the request that started an HTTP function.</summary>
    public static async ValueTask<byte[]> BodyBytesAsync(FunctionContext context)
    {
        using var body = new MemoryStream();
        await Http(context).Body.CopyToAsync(body, context.CancellationToken);
        return body.ToArray();
    }

    /// <summary>A value of the route, or of a message's metadata (<see cref="BindingContext.BindingData"/>); null when it is not there.</summary>
    public static string? Data(FunctionContext context, string name)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.BindingContext.BindingData.GetValueOrDefault(name) as string;
    }

    /// <summary>The same, read as a <typeparamref name="T"/>.</summary>
    /// <exception cref="MessageFormatException">It is not there, or is none.</exception>
    public static T Data<T>(FunctionContext context, string name)
        where T : struct, IParsable<T> => DataOrNull<T>(context, name) ?? throw new MessageFormatException(typeof(T), name, "there is no value.");

    /// <summary>The same, null when it is not there.</summary>
    /// <exception cref="MessageFormatException">It is none.</exception>
    public static T? DataOrNull<T>(FunctionContext context, string name)
        where T : struct, IParsable<T>
    {
        var text = Data(context, name);
        return string.IsNullOrEmpty(text) ? null
            : T.TryParse(text, CultureInfo.InvariantCulture, out var value) ? value
            : throw new MessageFormatException(typeof(T), name, $"'{text}' is none.");
    }

    internal static RunContext Run(FunctionContext context) => FunctionContextExtensions.Run(context) ?? throw new InvalidOperationException(
        $"Function '{context.FunctionDefinition.Name}' was given a context that is no run's, and that has no features of one. A middleware that hands on a FunctionContext of its own gives it the features of the one it got.");

    internal static JsonTypeInfo<T> TypeInfo<T>(FunctionContext context) =>
        (JsonTypeInfo<T>)Service<JsonSerializerOptions>(context).GetTypeInfo(typeof(T));

    private static MessageFormatException IsNull<T>() => new(typeof(T), "$", "the value is null.");

    private static T Trigger<T>(FunctionContext context)
        where T : class
    {
        var run = Run(context);
        return run.TriggerData as T ?? throw new InvalidOperationException(
            $"Function '{run.Function.Name}' ({run.Function.EntryPoint}) binds a {typeof(T).Name}, but its trigger " +
            $"brought a {run.TriggerData.GetType().Name}. Rebuild the app, so that its function index matches its code.");
    }
}
