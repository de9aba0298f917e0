using Microsoft.CodeAnalysis;

namespace Ebb.Worker.Generators.Tests;

public sealed class DiagnosticTests
{
    private const string Timer = "[TimerTrigger(\"0 0 3 * * *\")] TimerInfo timer";

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
    [InlineData("EBB016", "[Function(\"F\")] public static void F([TimerTrigger(\"0 0 3 * * *\", CatchUp = CatchUp.All, CatchUpLimit = 0)] TimerInfo timer) { }", "CatchUpLimit is 0; write 1 to 1000")]
    [InlineData("EBB016", "[Function(\"F\")] public static void F([TimerTrigger(\"0 0 3 * * *\", CatchUp = (CatchUp)7)] TimerInfo timer) { }", "7 is no policy")]
    [InlineData("EBB016", "[Function(\"F\")] public static void F([TimerTrigger(\"0 0 3 * * *\", UseMonitor = false, CatchUp = CatchUp.All)] TimerInfo timer) { }", "UseMonitor = false means that nothing is caught up")]
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
        foreach (var id in Enumerable.Range(1, 15).Select(number => $"EBB{number:000}"))
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
