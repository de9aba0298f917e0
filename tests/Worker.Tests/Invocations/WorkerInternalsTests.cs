using Ebb.Storage;
using Ebb.Worker.Invocations;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.DependencyInjection;

namespace Ebb.Worker.Tests.Invocations;

public sealed class WorkerInternalsTests
{
    private static readonly IndexedFunction Function = new("F", "Test.F", new QueueTriggerDefinition("q"), static _ => new("its own"))
    {
        Outputs = [new QueueOutputDefinition("$return", "out")],
    };

    [Fact]
    public void Check_PackagesAsPinned_Passes() => Should.NotThrow(WorkerInternals.Check);

    [Fact]
    public void Check_AnInternalIsGone_NamesThePackages()
    {
        var thrown = Should.Throw<InvalidOperationException>(() => WorkerInternals.Check(new ChangedContext(), new object()));

        thrown.Message.ShouldContain("Microsoft.Azure.Functions.Worker.Core and Microsoft.Azure.Functions.Worker.Grpc are not those");
        thrown.Message.ShouldContain("Directory.Packages.props");
    }

    [Fact]
    public async Task Result_AskedForAfterTheCall_IsTheFunctionsOwn() =>
        (await CallAsync(async (context, next) =>
        {
            await next(context);
            context.GetInvocationResult().Value.ShouldBe("its own");
            context.GetInvocationResult<string>().Value = "another";
        })).ShouldBe("another");

    [Fact]
    public async Task Result_AskedForBeforeTheCall_IsTheFunctionsOwnAfterIt() =>
        (await CallAsync(async (context, next) =>
        {
            context.GetInvocationResult().Value.ShouldBeNull();
            await next(context);
        })).ShouldBe("its own");

    [Fact]
    public async Task Result_NobodyAsks_LoadsNothingOfIt()
    {
        var context = Context();

        (await CallAsync((_, next) => next(context), context)).ShouldBe("its own");

        ((RunFeatures)context.Features).Bindings.ShouldBeNull();
    }

    [Fact]
    public async Task Outputs_AskedFor_AreThoseOfTheDefinition() =>
        await CallAsync((context, next) =>
        {
            context.GetOutputBindings<object>().Select(output => (output.Name, output.BindingType)).ShouldBe([("$return", "queue")]);
            return next(context);
        });

    [Fact]
    public async Task Middleware_HandsOnAContextOfItsOwn_TheFunctionRunsInTheRunsContext() =>
        (await CallAsync((context, next) => next(new WrappedContext(context)))).ShouldBe("its own");

    private static async Task<object?> CallAsync(Func<FunctionContext, FunctionExecutionDelegate, Task> middleware, RunContext? context = null)
    {
        var app = new MiddlewareBuilder(new ServiceCollection());
        app.Use(next => called => middleware(called, next));
        context ??= Context();
        await app.Build()(context);
        return context.Result;
    }

    private static RunContext Context() => new()
    {
        RunId = RunId.New(TimeProvider.System),
        Function = Function,
        InstanceServices = new ServiceCollection().BuildServiceProvider(),
        TriggerData = string.Empty,
    };

    // As after an upgrade in which a constructor is another.
    private sealed class ChangedContext() : WrappedContext(Context())
    {
        public override IInvocationFeatures Features => throw new MissingMethodException("Method not found: GrpcFunctionBindingsFeature..ctor");
    }
}
