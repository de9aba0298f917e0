using System.Text.Json;

namespace Ebb.Worker.Configuration;

/// <summary>
/// Reads <c>host.json</c>. Comments and trailing commas are accepted and keys are compared without case, as Azure Functions
/// does. An unknown key is a warning, a wrong value an error; everything is reported at once. Never throws for what a file holds.
/// </summary>
public static class HostOptionsLoader
{
    private static readonly JsonDocumentOptions Lenient = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    // Timers of .NET end at 2^32 milliseconds, a little later.
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromDays(49);

    /// <summary>Reads the file. A file that does not exist gives the defaults and a warning.</summary>
    public static HostOptionsResult Load(string path)
    {
        try
        {
            return Parse(File.ReadAllText(path), path);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return new(new HostOptions(), [], [$"{path} does not exist; the defaults hold. Put a host.json beside the executable, at least {{ \"version\": \"2.0\" }}."]);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return new(new HostOptions(), [$"{path} cannot be read: {Sentence.Of(unreadable.Message)} Make it readable for the user the process runs as."], []);
        }
    }

    /// <summary>Reads the text of a file; <paramref name="path"/> names it in messages.</summary>
    public static HostOptionsResult Parse(string json, string path)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Lenient);
            var problems = new HostJsonProblems(path);
            var options = Read(document.RootElement, problems);
            return new(options, problems.Errors, problems.Warnings);
        }
        catch (JsonException wrong)
        {
            return new(new HostOptions(), [$"{path} is not valid JSON at line {wrong.LineNumber + 1}, column {wrong.BytePositionInLine + 1}: {Sentence.Of(Reason(wrong))}"], []);
        }
    }

    private static string Reason(JsonException wrong)
    {
        var end = wrong.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return end < 0 ? wrong.Message : wrong.Message[..end];
    }

    private static HostOptions Read(JsonElement element, HostJsonProblems problems)
    {
        var defaults = new HostOptions();
        var root = HostJsonSection.Root(element, problems, "version", "functionTimeout", "extensions", "retry", "logging");
        root.RequireText("version", "2.0");
        var extensions = root.Section("extensions", "http", "queues", "rabbitMQ");
        var http = extensions.Section("http", "routePrefix", "maxConcurrentRequests", "maxOutstandingRequests");
        var queues = extensions.Section("queues", "maxDequeueCount", "batchSize", "newBatchThreshold", "visibilityTimeout", "maxPollingInterval");
        var rabbit = extensions.Section("rabbitMQ", "prefetchCount");
        var batchSize = queues.Integer("batchSize", 1, 1000, defaults.BatchSize);
        return new HostOptions
        {
            FunctionTimeout = root.DurationOrEndless("functionTimeout", LongestTimeout, defaults.FunctionTimeout),
            RoutePrefix = http.RoutePrefix("routePrefix", defaults.RoutePrefix),
            MaxConcurrentRequests = http.Limit("maxConcurrentRequests"),
            MaxOutstandingRequests = http.Limit("maxOutstandingRequests"),
            MaxDequeueCount = queues.Integer("maxDequeueCount", 1, int.MaxValue, defaults.MaxDequeueCount),
            BatchSize = batchSize,
            NewBatchThreshold = queues.Integer("newBatchThreshold", 0, 1000, batchSize / 2),
            VisibilityTimeout = queues.Duration("visibilityTimeout", TimeSpan.Zero, TimeSpan.FromDays(7), defaults.VisibilityTimeout),
            MaxPollingInterval = queues.Duration("maxPollingInterval", TimeSpan.FromMilliseconds(100), TimeSpan.FromDays(1), defaults.MaxPollingInterval),
            RabbitMQPrefetchCount = rabbit.Integer("prefetchCount", 1, ushort.MaxValue, defaults.RabbitMQPrefetchCount),
            Retry = HostJsonRetry.Read(root),
            LogLevels = root.Section("logging", "logLevel").LogLevels("logLevel", defaults.LogLevels),
        };
    }
}
