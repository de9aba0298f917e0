using Ebb.Worker.Configuration;
using Microsoft.Extensions.Logging;

namespace Ebb.Worker.Tests.Configuration;

public sealed class HostOptionsLoaderTests
{
    [Fact]
    public void Parse_VersionOnly_GivesTheDefaults()
    {
        var result = Parse("""{ "version": "2.0" }""");

        result.Errors.ShouldBeEmpty();
        result.Warnings.ShouldBeEmpty();
        result.Options.FunctionTimeout.ShouldBe(TimeSpan.FromMinutes(30));
        result.Options.RoutePrefix.ShouldBe("api");
        result.Options.MaxConcurrentRequests.ShouldBeNull();
        result.Options.MaxDequeueCount.ShouldBe(5);
        result.Options.BatchSize.ShouldBe(16);
        result.Options.NewBatchThreshold.ShouldBe(8);
        result.Options.VisibilityTimeout.ShouldBe(TimeSpan.Zero);
        result.Options.RabbitMQPrefetchCount.ShouldBe(30);
        result.Options.Retry.ShouldBeNull();
        result.Options.LogLevels["Default"].ShouldBe(LogLevel.Information);
    }

    [Fact]
    public void Parse_EverythingSetWithCommentsTrailingCommasAndOtherCase_IsRead()
    {
        var result = Parse("""
            {
              // as Azure accepts it
              "version": "2.0",
              "FunctionTimeout": "01:00:00",
              "extensions": {
                "http": { "routePrefix": "/hooks/v1/", "maxConcurrentRequests": 10, "maxOutstandingRequests": -1, },
                "queues": { "maxDequeueCount": 2, "batchSize": 4, "visibilityTimeout": "00:00:30", "maxPollingInterval": "00:00:02" },
                "rabbitMQ": { "prefetchCount": 1 }
              },
              "retry": { "strategy": "exponentialBackoff", "maxRetryCount": -1, "minimumInterval": "00:00:01", "maximumInterval": "00:01:00" },
              "logging": { "logLevel": { "Default": "warning", "Ebb.Oci": "Debug" } }, /* end */
            }
            """);

        result.Errors.ShouldBeEmpty();
        result.Warnings.ShouldBeEmpty();
        result.Options.FunctionTimeout.ShouldBe(TimeSpan.FromHours(1));
        result.Options.RoutePrefix.ShouldBe("hooks/v1");
        result.Options.MaxConcurrentRequests.ShouldBe(10);
        result.Options.MaxOutstandingRequests.ShouldBeNull();
        result.Options.MaxDequeueCount.ShouldBe(2);
        result.Options.NewBatchThreshold.ShouldBe(2);
        result.Options.VisibilityTimeout.ShouldBe(TimeSpan.FromSeconds(30));
        result.Options.MaxPollingInterval.ShouldBe(TimeSpan.FromSeconds(2));
        result.Options.RabbitMQPrefetchCount.ShouldBe(1);
        result.Options.Retry.ShouldBe(new RetryPolicy(-1, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1)));
        result.Options.LogLevels["default"].ShouldBe(LogLevel.Warning);
        result.Options.LogLevels["Ebb.Oci"].ShouldBe(LogLevel.Debug);
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("\"-1\"")]
    public void Parse_FunctionTimeoutMinusOne_IsEndless(string value) =>
        Parse($$"""{ "version": "2.0", "functionTimeout": {{value}} }""").Options.FunctionTimeout.ShouldBe(Timeout.InfiniteTimeSpan);

    [Fact]
    public void Parse_UnknownKeys_WarnsWithFullPathAndTheNearestName()
    {
        var result = Parse("""{ "version": "2.0", "extensionBundle": {}, "extensions": { "queues": { "maxDequeCount": 3 } } }""");

        result.Errors.ShouldBeEmpty();
        result.Options.MaxDequeueCount.ShouldBe(5);
        result.Warnings.ShouldBe(
            [
                "host.json: 'extensionBundle' is not known and has no effect; known here: version, functionTimeout, extensions, retry, logging.",
                "host.json: 'extensions.queues.maxDequeCount' is not known and has no effect; did you mean 'extensions.queues.maxDequeueCount'?",
            ]);
    }

    [Fact]
    public void Parse_ManyWrongValues_ReportsThemAllWithPathValueAndRemedy()
    {
        var result = Parse("""
            {
              "functionTimeout": "5",
              "extensions": { "http": { "routePrefix": "a b" }, "queues": { "batchSize": 0, "visibilityTimeout": "soon", "visibilityTimeout": "00:00:01" } },
              "retry": { "strategy": "fixedDelay" },
              "logging": { "logLevel": { "default": "Loud" } }
            }
            """);

        result.Errors.ShouldBe(
            [
                "host.json: 'version' is missing; write \"version\": \"2.0\".",
                "host.json: 'functionTimeout' is \"5\"; it must be a duration as hh:mm:ss or d.hh:mm:ss greater than zero and at most 49.00:00:00, or \"-1\" for no limit.",
                "host.json: 'extensions.http.routePrefix' is \"a b\"; it must be path segments of letters, digits and - . _ ~ such as \"api\", or \"\" for none.",
                "host.json: 'extensions.queues.batchSize' is 0; it must be a whole number from 1 to 1000.",
                "host.json: 'extensions.queues.visibilityTimeout' is \"soon\"; it must be a duration as hh:mm:ss or d.hh:mm:ss, from 00:00:00 to 7.00:00:00.",
                "host.json: 'extensions.queues.visibilityTimeout' is there twice; keep one.",
                "host.json: 'logging.logLevel.default' is \"Loud\"; it must be one of Trace, Debug, Information, Warning, Error, Critical, None.",
                "host.json: 'retry.delayInterval' is missing; the strategy needs it, as hh:mm:ss or d.hh:mm:ss.",
                "host.json: 'retry.maxRetryCount' is missing; say how often a failed invocation runs again (-1 without end).",
            ],
            ignoreOrder: true);
    }

    [Theory]
    [InlineData("""{ "version": "1.0" }""", "'version' is \"1.0\"; it must be \"2.0\"")]
    [InlineData("""{ "version": "2.0", "functionTimeout": "50.00:00:00" }""", "'functionTimeout' is \"50.00:00:00\"; it must be a duration")]
    [InlineData("""{ "version": 2 }""", "'version' is 2; it must be \"2.0\"")]
    [InlineData("[]", "'$' is []; it must be an object")]
    [InlineData("""{ "version": "2.0", "extensions": { "http": 3 } }""", "'extensions.http' is 3; it must be an object")]
    [InlineData("""{ "version": "2.0", "retry": { "strategy": "often", "maxRetryCount": 1 } }""", "'retry.strategy' is \"often\"; it must be")]
    [InlineData("""{ "version": "2.0", "retry": { "strategy": "exponentialBackoff", "maxRetryCount": 1, "minimumInterval": "00:01:00", "maximumInterval": "00:00:01" } }""", "'retry.maximumInterval' is \"00:00:01\"; it must not be shorter")]
    [InlineData("""{ "version": "2.0", "extensions": { "http": { "maxConcurrentRequests": 0 } } }""", "'extensions.http.maxConcurrentRequests' is 0; it must be a whole number from 1, or -1")]
    public void Parse_WrongValue_IsAnError(string json, string expected) =>
        Parse(json).Errors.ShouldContain(error => error.Contains(expected, StringComparison.Ordinal));

    [Fact]
    public void Parse_WrongJson_NamesLineAndColumn() =>
        Parse("{\n  \"version\": 2.0.0\n}").Errors.ShouldHaveSingleItem().ShouldStartWith("host.json is not valid JSON at line 2, column 17: ");

    [Fact]
    public void Load_NoFile_WarnsAndGivesTheDefaults()
    {
        var result = HostOptionsLoader.Load(Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString(), "host.json"));

        result.Errors.ShouldBeEmpty();
        result.Warnings.ShouldHaveSingleItem().ShouldContain("does not exist");
        result.Options.BatchSize.ShouldBe(16);
    }

    private static HostOptionsResult Parse(string json) => HostOptionsLoader.Parse(json, "host.json");
}
