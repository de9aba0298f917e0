using Microsoft.CodeAnalysis;

namespace Ebb.Worker.Generators.Tests;

public sealed class DiagnosticTests
{
    private const string Timer = "[TimerTrigger(\"0 0 3 * * *\")] TimerInfo timer";

    private const string Blob =
        "public sealed class BlobOutputAttribute : Microsoft.Azure.Functions.Worker.Extensions.Abstractions.OutputBindingAttribute; " +
        "public sealed class BlobTriggerAttribute : Microsoft.Azure.Functions.Worker.Extensions.Abstractions.TriggerBindingAttribute;";

    [Theory]
    [InlineData("EBB001", "[Function(\"F\")] public static void F([TimerTrigger(\"0 0 25 * * *\")] TimerInfo timer) { }", "The schedule '0 0 25 * * *' of function 'F' is not valid")]
    [InlineData("EBB001", "[Function(\"F\")] public static void F([TimerTrigger(\"0 0 0 30 2 *\")] TimerInfo timer) { }", "no date in the calendar ever matches it")]
    [InlineData("EBB001", "[Function(\"F\")] public static void F([TimerTrigger(\"%A% %B%\")] TimerInfo timer) { }", "2 fields")]
    [InlineData("EBB001", "[Function(\"F\")] public static void F([TimerTrigger(\"5\")] TimerInfo timer) { }", "hh:mm:ss")]
    [InlineData("EBB003", "[Function(\"F\")] public static void F(FunctionContext context) { }", "Function 'F' has no triggers")]
    [InlineData("EBB003", "[Function(\"F\")] public static void F(" + Timer + ", [QueueTrigger(\"q\")] string text) { }", "Function 'F' has 2 triggers")]
    [InlineData("EBB003", "[Function(\"F\")] public static void F([TimerTrigger(\"0 0 3 * * *\"), QueueTrigger(\"q\")] TimerInfo timer) { }", "Function 'F' has 2 triggers")]
    [InlineData("EBB004", "[Function(\"F\")] public static void F([TimerTrigger(\"0 0 3 * * *\")] string timer) { }", "is a 'string', but its TimerTrigger brings a TimerInfo")]
    [InlineData("EBB004", "[Function(\"F\")] public static IResult F([HttpTrigger] HttpContext context) => Results.Ok();", "its HttpTrigger brings an HttpRequest")]
    [InlineData("EBB004", "[Function(\"F\")] public static void F([QueueTrigger(\"q\")] IEnumerable<int> list) { }", "its QueueTrigger brings a string or a class")]
    [InlineData("EBB004", "[Function(\"F\")] public static void F([QueueTrigger(\"q\")] int number) { }", "its QueueTrigger brings a string or a class")]
    [InlineData("EBB005", "[Function(\"F\")] public static void F(" + Timer + ", TimeProvider time) { }", "Nothing can be bound to parameter 'time' of function 'F'")]
    [InlineData("EBB005", "[Function(\"F\")] public static void F(" + Timer + ", in CancellationToken token) { }", "parameter 'token'")]
    [InlineData("EBB006", "[Function(\"F\")] public static async void F(" + Timer + ") => await Task.Yield();", "An async void method cannot be awaited")]
    [InlineData("EBB006", "[Function(\"F\")] public static Task<int> F([HttpTrigger] HttpRequest request) => Task.FromResult(1);", "An HTTP function returns an IResult")]
    [InlineData("EBB006", "[Function(\"F\")] public static void F([HttpTrigger] HttpRequest request) { }", "An HTTP function returns an IResult")]
    [InlineData("EBB006", "[Function(\"F\")] public static IResult? F([HttpTrigger] HttpRequest request) => null;", "always answers")]
    [InlineData("EBB006", "[Function(\"F\")] public static IResult F(" + Timer + ") => Results.Ok();", "Only an HTTP function answers")]
    [InlineData("EBB006", "[Function(\"F\")] public static Span<byte> F(" + Timer + ") => default;", "a value that can be kept")]
    [InlineData("EBB007", "[Function(\"F\")] internal static void F(" + Timer + ") { }", "the method is not public")]
    [InlineData("EBB007", "[Function(\"F\")] public static void F<T>(" + Timer + ") { }", "the method is generic")]
    [InlineData("EBB008", "[Function(\"1st\")] public static void F(" + Timer + ") { }", "'1st' is no function name")]
    [InlineData("EBB008", "[Function(\"\")] public static void F(" + Timer + ") { }", "'' is no function name")]
    [InlineData("EBB008", "[Function(\"a/../b\")] public static void F(" + Timer + ") { }", "'a/../b' is no function name")]
    [InlineData("EBB009", "[Function(\"F\")] public static void F([QueueTrigger(\"$timer-x\")] string text) { }", "The queue '$timer-x' of function 'F'")]
    [InlineData("EBB009", "[Function(\"F\")] public static void F([QueueTrigger(\"a b\")] string text) { }", "The queue 'a b'")]
    [InlineData("EBB009", "[Function(\"F\")] public static void F([QueueTrigger(\"\")] string text) { }", "The queue ''")]
    [InlineData("EBB010", "[Function(\"F\")] public static IResult F([HttpTrigger(AuthorizationLevel.User)] HttpRequest request) => Results.Ok();", "authorization level 'User'")]
    [InlineData("EBB010", "[Function(\"F\")] public static IResult F([HttpTrigger((AuthorizationLevel)7)] HttpRequest request) => Results.Ok();", "authorization level '7'")]
    [InlineData("EBB011", "[Function(\"F\")] public static IResult F([HttpTrigger(Route = \"/orders\")] HttpRequest request) => Results.Ok();", "without leading slash")]
    [InlineData("EBB011", "[Function(\"F\")] public static IResult F([HttpTrigger(Route = \"orders/{id\")] HttpRequest request) => Results.Ok();", "the segment '{id'")]
    [InlineData("EBB011", "[Function(\"F\")] public static IResult F([HttpTrigger(Route = \"{id}/{ID}\")] HttpRequest request) => Results.Ok();", "parameter 'ID' twice")]
    [InlineData("EBB011", "[Function(\"F\")] public static IResult F([HttpTrigger(Route = \"{*rest}/x\")] HttpRequest request) => Results.Ok();", "must stand last")]
    [InlineData("EBB011", "[Function(\"F\")] public static IResult F([HttpTrigger(Route = \"runs/{id}\")] HttpRequest request) => Results.Ok();", "belongs to the runtime")]
    [InlineData("EBB011", "[Function(\"F\")] public static IResult F([HttpTrigger(\"GE T\")] HttpRequest request) => Results.Ok();", "'GE T' is no HTTP method")]
    [InlineData("EBB011", "[Function(\"F\")] public static IResult F([HttpTrigger(\"get\", \"GET\")] HttpRequest request) => Results.Ok();", "listed twice")]
    [InlineData("EBB012", "[Function(\"F\"), FixedDelayRetry(-2, \"00:00:01\")] public static void F(" + Timer + ") { }", "-2 is no number of retries")]
    [InlineData("EBB012", "[Function(\"F\"), FixedDelayRetry(2, \"5\")] public static void F(" + Timer + ") { }", "'5' is no delay")]
    [InlineData("EBB012", "[Function(\"F\"), ExponentialBackoffRetry(2, \"00:01:00\", \"00:00:01\")] public static void F(" + Timer + ") { }", "is shorter than the first")]
    [InlineData("EBB012", "[Function(\"F\"), FixedDelayRetry(2, \"00:00:01\"), ExponentialBackoffRetry(2, \"00:00:01\", \"00:00:02\")] public static void F(" + Timer + ") { }", "it has two of them")]
    [InlineData("EBB012", "[Function(\"F\"), MessageRetry(2, \"00:01:00\", \"00:00:01\")] public static void F(" + Timer + ") { }", "is shorter than the first")]
    [InlineData("EBB016", "[Function(\"F\"), CatchUp(CatchUp.All, Limit = 0)] public static void F(" + Timer + ") { }", "Limit is 0; write 1 to 1000")]
    [InlineData("EBB016", "[Function(\"F\"), CatchUp((CatchUp)7)] public static void F(" + Timer + ") { }", "7 is no policy")]
    [InlineData("EBB016", "[Function(\"F\"), CatchUp(CatchUp.All)] public static void F([TimerTrigger(\"0 0 3 * * *\", UseMonitor = false)] TimerInfo timer) { }", "UseMonitor = false means that nothing is caught up")]
    [InlineData("EBB013", "[Function(\"F\")] public static void F([QueueTrigger(\"q\")] Unknown message) { } public sealed record Unknown;", "'Sample.App.Functions.Unknown', used by function 'F', has no JSON metadata. Add [JsonSerializable(typeof(Unknown))]")]
    [InlineData("EBB013", "[Function(\"F\")] public static Task<List<Order>> F(" + Timer + ") => Task.FromResult(new List<Order>());", "has no JSON metadata")]
    [InlineData("EBB003", "[Function(\"F\")] public static void F([RabbitMQTrigger(\"q\"), QueueTrigger(\"q\")] string text) { }", "Function 'F' has 2 triggers")]
    [InlineData("EBB004", "[Function(\"F\")] public static void F([RabbitMQTrigger(\"q\")] int number) { }", "its RabbitMQTrigger brings a string or a class")]
    [InlineData("EBB013", "[Function(\"F\")] public static void F([RabbitMQTrigger(\"q\")] Unknown message) { } public sealed record Unknown;", "has no JSON metadata")]
    [InlineData("EBB014", "[Function(\"F\")] public static void F([RabbitMQTrigger(\"amq.q\")] string text) { }", "The RabbitMQ queue 'amq.q' of function 'F'")]
    [InlineData("EBB014", "[Function(\"F\")] public static void F([RabbitMQTrigger(\"\")] string text) { }", "The RabbitMQ queue ''")]
    [InlineData("EBB014", "[Function(\"F\"), RabbitMQOutput(\"a\\nb\")] public static int F([RabbitMQTrigger(\"q\")] string text) => 1;", "The RabbitMQ queue 'a\nb'")]
    [InlineData("EBB015", "[Function(\"F\"), RabbitMQOutput(\"q\")] public static Task F(" + Timer + ") => Task.CompletedTask;", "it returns nothing")]
    [InlineData("EBB015", "[Function(\"F\"), RabbitMQOutput(\"q\")] public static IResult F([HttpTrigger] HttpRequest request) => Results.Ok();", "answers a request")]
    [InlineData("EBB004", "[Function(\"F\")] public static IResult F([HttpTrigger] HttpRequest request, [FromBody] IEnumerable<int> list) => Results.Ok();", "its FromBody brings a string")]
    [InlineData("EBB005", "[Function(\"F\")] public static IResult F([HttpTrigger(Route = \"a/{id}\")] HttpRequest request, string name) => Results.Ok();", "parameter 'name'")]
    [InlineData("EBB005", "[Function(\"F\")] public static IResult F([HttpTrigger(Route = \"a/{id}\")] HttpRequest request, DateTime id) => Results.Ok();", "parameter 'id'")]
    [InlineData("EBB005", "[Function(\"F\")] public static void F([QueueTrigger(\"q\")] string text, [FromBody] string body) { }", "parameter 'body'")]
    [InlineData("EBB006", "[Function(\"F\")] public static Sent F([HttpTrigger] HttpRequest request) => new(); public sealed class Sent { [QueueOutput(\"q\")] public string? Text { get; set; } }", "this has 0 properties of IResult")]
    [InlineData("EBB006", "[Function(\"F\")] public static Sent F(" + Timer + ") => new(); public sealed class Sent { [QueueOutput(\"q\")] public string? Text { get; set; } public IResult? Answer { get; set; } }", "take that property away")]
    [InlineData("EBB006", "[Function(\"F\")] public static Sent F(" + Timer + ") => new(); public struct Sent { [QueueOutput(\"q\")] public string? Text { get; set; } }", "outputs a class")]
    [InlineData("EBB009", "[Function(\"F\"), QueueOutput(\"a b\")] public static int F(" + Timer + ") => 1;", "The queue 'a b'")]
    [InlineData("EBB013", "[Function(\"F\")] public static Sent F(" + Timer + ") => new(); public sealed class Sent { [QueueOutput(\"q\")] public Version[]? Text { get; set; } }", "'System.Version', used by function 'F', has no JSON metadata")]
    [InlineData("EBB015", "[Function(\"F\"), QueueOutput(\"q\")] public static Task F(" + Timer + ") => Task.CompletedTask;", "has a QueueOutput, but it returns nothing")]
    [InlineData("EBB015", "[Function(\"F\"), QueueOutput(\"q\"), RabbitMQOutput(\"q\")] public static int F(" + Timer + ") => 1;", "has another output for the same value")]
    [InlineData("EBB015", "[Function(\"F\"), QueueOutput(\"q\")] public static Sent F(" + Timer + ") => new(); public sealed class Sent { [QueueOutput(\"q\")] public string? Text { get; set; } }", "returns an object whose properties are outputs")]
    [InlineData("EBB015", "[Function(\"F\")] public static Sent F(" + Timer + ") => new(); public sealed class Sent { [QueueOutput(\"q\")] internal string? Text { get; set; } }", "which cannot be read from outside")]
    [InlineData("EBB015", "[Function(\"F\")] public static Sent F([HttpTrigger] HttpRequest request) => new(); public sealed class Sent { [HttpResult] public string? Text { get; set; } }", "which is no IResult")]
    [InlineData("EBB016", "[Function(\"F\"), CatchUp(CatchUp.All)] public static void F([QueueTrigger(\"q\")] string text) { }", "only a function with a TimerTrigger")]
    [InlineData("EBB017", "[Function(\"F\"), BlobOutput] public static int F(" + Timer + ") => 1; " + Blob, "Function 'F' has a BlobOutput")]
    [InlineData("EBB017", "[Function(\"F\")] public static Sent F(" + Timer + ") => new(); public sealed class Sent { [BlobOutput] public string? Text { get; set; } } " + Blob, "has a BlobOutput")]
    [InlineData("EBB017", "[Function(\"F\")] public static void F([BlobTrigger] string text) { } " + Blob, "has a BlobTrigger")]
    [InlineData("EBB018", "[Function(\"F\"), Scoped] public static void F(" + Timer + ") { }", "Function 'F' is [Scoped]")]
    [InlineData("EBB018", "[Function(\"F\"), Scoped] public static void F([QueueTrigger(\"q\")] string text) { }", "Function 'F' is [Scoped]")]
    public void Report_MistakeInAMethod_IsOneErrorAtItsPlace(string id, string member, string message)
    {
        var generation = Generation.Run(Sample.Usings + $"public static class Functions {{ {member} }}", Sample.Json);

        generation.CompilerSays().Where(diagnostic => diagnostic.Id != "CS8619").ShouldBeEmpty();
        var diagnostic = generation.Diagnostics.ShouldHaveSingleItem();
        diagnostic.Id.ShouldBe(id);
        diagnostic.Severity.ShouldBe(DiagnosticSeverity.Error);
        diagnostic.GetMessage().ShouldContain(message);
        diagnostic.Location.GetLineSpan().Path.ShouldBe("Source0.cs");
        diagnostic.Descriptor.HelpLinkUri.ShouldBe($"infra/docs/diagnostics/{id}.md");
    }

    [Theory]
    [InlineData("internal sealed class C { METHOD }", "'Sample.App.C' is not public")]
    [InlineData("public abstract class C { METHOD }", "'Sample.App.C' is abstract")]
    [InlineData("public sealed class C<T> { METHOD }", "'Sample.App.C<T>' is generic")]
    [InlineData("public sealed class C { public C() { } public C(TimeProvider time) { } METHOD }", "has 2 public constructors")]
    [InlineData("public sealed class C { private C() { } METHOD }", "has no public constructor")]
    [InlineData("public sealed class C { public C(in TimeProvider time) { } METHOD }", "is passed by reference")]
    [InlineData("public sealed class C { public required int Size { get; init; } METHOD }", "required members")]
    [InlineData("public static class O { private sealed class C { METHOD } }", "'Sample.App.O.C' is not public")]
    public void Report_ClassThatCannotBeMade_IsOneError(string source, string message)
    {
        var generation = Generation.Run(Sample.Usings + source.Replace("METHOD", "[Function(\"F\")] public void F(" + Timer + ") { }", StringComparison.Ordinal));

        generation.CompilerSays().ShouldBeEmpty();
        var diagnostic = generation.Diagnostics.ShouldHaveSingleItem();
        diagnostic.Id.ShouldBe("EBB007");
        diagnostic.GetMessage().ShouldContain(message);
    }

    [Fact]
    public void Report_NameUsedTwiceInAnyCase_IsAnErrorAtBoth()
    {
        var generation = Generation.Run(
            Sample.Usings + "public static class A { [Function(\"Same\")] public static void F(" + Timer + ") { } }",
            Sample.Usings + "public static class B { [Function(\"SAME\")] public static void F(" + Timer + ") { } }");

        generation.Diagnostics.Select(diagnostic => diagnostic.Id).ShouldBe(["EBB002", "EBB002"]);
        generation.Diagnostics.Select(diagnostic => diagnostic.Location.GetLineSpan().Path).ShouldBe(["Source0.cs", "Source1.cs"], ignoreOrder: true);
    }

    [Fact]
    public void Report_SeveralMistakes_AreReportedAtOnce()
    {
        var generation = Generation.Run(Sample.Usings + """
            public static class Functions
            {
                [Function("1st")]
                [FixedDelayRetry(-5, "soon")]
                private static async void F([TimerTrigger("often")] string timer, int count) => await Task.Yield();
            }
            """);

        generation.Diagnostics.Select(diagnostic => diagnostic.Id).Distinct().Order()
            .ShouldBe(["EBB001", "EBB004", "EBB005", "EBB006", "EBB007", "EBB008", "EBB012"]);
    }

    [Theory]
    [InlineData("public static void F([QueueTrigger(\"q\")] Typo message) { }")]
    [InlineData("public static Typo F([QueueTrigger(\"q\")] string text) => null!;")]
    [InlineData("public static Task<Typo> F([QueueTrigger(\"q\")] string text) => null!;")]
    public void Report_TypeThatDoesNotExist_IsLeftToTheCompiler(string method)
    {
        var generation = Generation.Run(Sample.Usings + $"public static class Functions {{ [Function(\"F\")] {method} }}");

        generation.Diagnostics.ShouldBeEmpty();
        generation.CompilerSays().Select(diagnostic => diagnostic.Id).ShouldBe(["CS0246"]);
    }

    [Theory]
    [InlineData("string")]
    [InlineData("bool")]
    [InlineData("long")]
    [InlineData("double")]
    [InlineData("JsonElement")]
    public void Report_SimpleResult_NeedsNoMetadata(string type) =>
        Generation.Run(Sample.Usings + $"public static class Functions {{ [Function(\"F\")] public static {type} F({Timer}) => default!; }}").Diagnostics.ShouldBeEmpty();

    [Fact]
    public void Pages_EveryDiagnostic_HasOneWithCauseExampleAndFix()
    {
        foreach (var id in Enumerable.Range(1, 18).Select(number => $"EBB{number:000}"))
        {
            var page = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "diagnostics", $"{id}.md"));

            page.ShouldStartWith($"# {id}: ");
            page.ShouldContain("## Cause");
            page.ShouldContain("## Example");
            page.ShouldContain("## Fix");
        }
    }

    [Fact]
    public void Pages_Folder_HoldsADiagnosticEach() =>
        Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "diagnostics"), "EBB*.md").Length.ShouldBe(Descriptors().Count());

    [Fact]
    public void Descriptors_All_HaveTheirPageAsHelp() =>
        Descriptors().Select(descriptor => descriptor.HelpLinkUri).ShouldBe(Descriptors().Select(descriptor => $"infra/docs/diagnostics/{descriptor.Id}.md"));

    private static IEnumerable<DiagnosticDescriptor> Descriptors() =>
        typeof(FunctionIndexGenerator).Assembly.GetType("Ebb.Worker.Generators.Diagnostics", throwOnError: true)!
            .GetFields().Select(field => field.GetValue(null)).OfType<DiagnosticDescriptor>();
}
