using System.Buffers;
using System.Text;

namespace Ebb.Storage.Rules;

/// <summary>Refuses what the interfaces do not allow, before anything is stored.</summary>
internal static class StorageNames
{
    private const int MaxQueueLength = 128;
    private const int MaxKeyLength = 512;
    private const int MaxDocumentBytes = 1024 * 1024;
    private const string Alphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    private static readonly SearchValues<char> QueueCharacters = SearchValues.Create(Alphanumeric + "-_.$");
    private static readonly SearchValues<char> DocumentCharacters = SearchValues.Create(Alphanumeric + "-_./:@");
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    public static void Check(EnqueueRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        CheckQueue(request.Queue);
        CheckText(request.Body, EnqueueRequest.MaxBodyBytes, "A message body", nameof(request));
        CheckOptionalKey(request.IdempotencyKey, "idempotency key", nameof(request));
        CheckOptionalKey(request.SequenceKey, "sequence key", nameof(request));
        CheckDelay(request.Delay, nameof(request));
        if (request is { SupersedesWaiting: true, SequenceKey: null })
            throw new ArgumentException("A message that supersedes waiting ones needs a sequence key: those with the same key are superseded.", nameof(request));
    }

    public static void Check(DequeueRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        CheckQueue(request.Queue);
        CheckLease(request.LeaseDuration);
        ArgumentException.ThrowIfNullOrEmpty(request.Function, nameof(request));
        ArgumentException.ThrowIfNullOrEmpty(request.Instance, nameof(request));
        if (request.MaxCount < 1)
            throw new ArgumentException($"MaxCount is {request.MaxCount}; it must be at least 1.", nameof(request));
    }

    public static void Check(RunQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (query.Limit is < 1 or > 1000)
            throw new ArgumentException($"Limit is {query.Limit}; it must be from 1 to 1000.", nameof(query));
    }

    public static void CheckQueue(string queue)
    {
        ArgumentNullException.ThrowIfNull(queue);
        if (queue.Length is 0 or > MaxQueueLength || queue.AsSpan().ContainsAnyExcept(QueueCharacters))
            throw new ArgumentException($"\"{Shown(queue)}\" is no queue name: 1 to {MaxQueueLength} letters, digits and - _ . $ are allowed.", nameof(queue));
    }

    public static void CheckQueues(IReadOnlyCollection<string> queues)
    {
        ArgumentNullException.ThrowIfNull(queues);
        foreach (var queue in queues)
            CheckQueue(queue);
    }

    public static void Check(ScheduleClaim claim)
    {
        ArgumentNullException.ThrowIfNull(claim);
        Check(claim.Message);
        if (claim.NewState.Timer != claim.Expected.Timer)
            throw new ArgumentException($"The claim reads timer {claim.Expected.Timer} and writes timer {claim.NewState.Timer}.", nameof(claim));
    }

    public static void CheckDocumentKey(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (key.Length is 0)
            throw new ArgumentException("A document key must not be empty.", nameof(key));
        CheckDocumentPrefix(key);
    }

    public static void CheckDocumentPrefix(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (key.Length > MaxKeyLength || key.AsSpan().ContainsAnyExcept(DocumentCharacters))
            throw new ArgumentException($"\"{Shown(key)}\" is no document key: at most {MaxKeyLength} letters, digits and - _ . / : @ are allowed.", nameof(key));
    }

    public static void CheckDocument(string value) => CheckText(value, MaxDocumentBytes, "A document", nameof(value));

    public static void CheckLease(TimeSpan duration)
    {
        if (duration <= TimeSpan.Zero)
            throw new ArgumentException($"A lease of {duration} is none; it must be longer than zero.", nameof(duration));
    }

    public static void Check(Settlement settlement)
    {
        ArgumentNullException.ThrowIfNull(settlement);
        if (settlement is Settlement.Retried retried)
            CheckDelay(retried.Delay, nameof(settlement));
        if (settlement is Settlement.Released released)
            CheckDelay(released.Delay, nameof(settlement));
    }

    public static void CheckDelay(TimeSpan delay, string parameter)
    {
        if (delay < TimeSpan.Zero || delay > TimeSpan.FromDays(3650))
            throw new ArgumentException($"A delay of {delay} is not possible; it must be from zero to ten years.", parameter);
    }

    private static void CheckOptionalKey(string? key, string what, string parameter)
    {
        if (key is null)
            return;
        if (key.Length is 0 or > MaxKeyLength)
            throw new ArgumentException($"The {what} has {key.Length} characters; 1 to {MaxKeyLength} are allowed.", parameter);
        CheckText(key, int.MaxValue, $"The {what}", parameter);
    }

    private static void CheckText(string text, int maxBytes, string what, string parameter)
    {
        ArgumentNullException.ThrowIfNull(text, parameter);
        int bytes;
        try
        {
            bytes = StrictUtf8.GetByteCount(text);
        }
        catch (EncoderFallbackException e)
        {
            throw new ArgumentException($"{what} is no valid text: it holds half of a surrogate pair at character {e.Index}.", parameter, e);
        }
        if (bytes > maxBytes)
            throw new ArgumentException($"{what} of {bytes:N0} bytes is too long; at most {maxBytes:N0} bytes of UTF-8 are allowed. Store large content elsewhere and send a reference.", parameter);
    }

    private static string Shown(string text) => text.Length <= 80 ? text : text[..80] + "…";
}
