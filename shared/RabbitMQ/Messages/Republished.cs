using System.Globalization;
using Ebb.Storage;
using RabbitMQ.Client;

namespace Ebb.RabbitMq.Messages;

/// <summary>The properties of a message that is sent on: to wait for its retry, to the poison queue, or back from there.</summary>
internal static class Republished
{
    public static BasicProperties ForRetry(Delivery delivery, OwnUsers own, DateTimeOffset dueAt)
    {
        var properties = Copy(delivery, own);
        properties.Headers![HeaderNames.Attempts] = (long)delivery.Message.DequeueCount;
        properties.Headers[HeaderNames.DueAt] = dueAt.ToUnixTimeMilliseconds();
        return properties;
    }

    /// <summary>The message as it was before an attempt that does not count.</summary>
    public static BasicProperties ForHandBack(Delivery delivery, OwnUsers own)
    {
        var properties = Copy(delivery, own);
        properties.Headers![HeaderNames.Attempts] = (long)delivery.Message.DequeueCount - 1;
        return properties;
    }

    /// <summary>The same message, back in its queue for the attempt that is due.</summary>
    public static BasicProperties ForAttempt(IReadOnlyBasicProperties waiting, OwnUsers own) =>
        Copy(waiting, own, static header => header == HeaderNames.DueAt);

    public static BasicProperties ForPoison(Delivery delivery, OwnUsers own, string function, RunError error, DateTimeOffset now)
    {
        var properties = Copy(delivery, own);
        var headers = properties.Headers!;
        headers[HeaderNames.Attempts] = (long)delivery.Message.DequeueCount;
        headers[HeaderNames.Function] = function;
        headers[HeaderNames.Reason] = Bounded(error.Message);
        headers[HeaderNames.ErrorType] = error.Type;
        headers[HeaderNames.PoisonedAt] = now.ToString("O", CultureInfo.InvariantCulture);
        return properties;
    }

    /// <summary>A new run of the same message: the old one has ended, and its record stays.</summary>
    public static BasicProperties ForRedrive(IReadOnlyBasicProperties original, OwnUsers own, TimeProvider time)
    {
        var properties = Copy(original, own, HeaderNames.EndsWithRedrive);
        properties.Headers![HeaderNames.RunId] = RunId.New(time).ToString();
        properties.Headers[HeaderNames.EnqueuedAt] = time.GetUtcNow().ToUnixTimeMilliseconds();
        return properties;
    }

    private static BasicProperties Copy(Delivery delivery, OwnUsers own)
    {
        var properties = Copy(delivery.Properties, own, static _ => false);
        AddOrigin(properties, delivery);
        return properties;
    }

    // Sent on under the worker's user, a header of ours is believed: none goes along that a worker did not write.
    private static BasicProperties Copy(IReadOnlyBasicProperties original, OwnUsers own, Func<string, bool> without)
    {
        var isWorkers = Sender.IsWorker(original, own);
        var properties = new BasicProperties(original)
        {
            Persistent = true,
            Headers = (original.Headers ?? new Dictionary<string, object?>())
                .Where(header => !HeaderNames.IsBrokers(header.Key) && (isWorkers || !HeaderNames.IsOwn(header.Key)) && !without(header.Key))
                .ToDictionary(header => header.Key, header => header.Value),
        };

        // The first sender's expiration would end the retry early, and only that sender may send under its user id.
        properties.ClearExpiration();
        properties.ClearUserId();
        properties.Headers[HeaderNames.Sender] = Sender.Of(original, own) ?? string.Empty;
        return properties;
    }

    private static void AddOrigin(BasicProperties properties, Delivery delivery)
    {
        var headers = properties.Headers!;
        headers[HeaderNames.RunId] = delivery.Message.RunId.ToString();
        headers[HeaderNames.EnqueuedAt] = delivery.Message.EnqueuedAt.ToUnixTimeMilliseconds();
        headers[HeaderNames.Exchange] = delivery.Exchange;
        headers[HeaderNames.RoutingKey] = delivery.RoutingKey;
    }

    // Headers travel in one frame (AMQP 0-9-1, section 2.3.5.2), of 128 KiB unless negotiated otherwise.
    private static string Bounded(string text) => text.Length <= 2000 ? text : $"{text[..2000]}…";
}
