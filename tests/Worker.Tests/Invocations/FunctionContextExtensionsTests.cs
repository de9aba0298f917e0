using System.Collections;
using Ebb.Storage;
using Microsoft.Azure.Functions.Worker;

namespace Ebb.Worker.Tests.Invocations;

public sealed class FunctionContextExtensionsTests
{
    private static readonly RunId Id = RunId.New(TimeProvider.System);

    [Fact]
    public void Extensions_InARun_AreTheRunsOwn()
    {
        string? progress = null;
        FunctionContext context = new WrappedContext(Run(line => progress = line));

        context.ReportProgress("half of it");

        (context.RunId, context.Caller, progress).ShouldBe((Id, "key:host/ci", "half of it"));
        context.Scope.IsLimited.ShouldBeTrue();
        Should.NotThrow(() => context.Require("shop"));
        Should.Throw<CallerForbiddenException>(() => context.Require("till")).Message.ShouldContain("'key:host/ci' may not act on 'till'");
    }

    [Fact]
    public void Extensions_UnderAnotherHost_DoNothing()
    {
        FunctionContext context = new OtherHostsContext();

        Should.NotThrow(() => context.ReportProgress("half of it"));

        (context.RunId, context.Caller, context.Occurrence, context.EnqueuedAt, context.Activity).ShouldBe((Id, null, null, null, null));
        context.Scope.IsLimited.ShouldBeFalse();
        Should.NotThrow(() => context.Require("anything"));
    }

    private static RunContext Run(Action<string> report) => new()
    {
        RunId = Id,
        Function = new IndexedFunction("F", "Test.F", new QueueTriggerDefinition("q"), static _ => default),
        InstanceServices = null!,
        TriggerData = string.Empty,
        Caller = "key:host/ci",
        Scope = CallerScope.Of(["shop"]),
        ReportProgress = report,
    };

    private sealed class OtherHostsContext() : WrappedContext(Run(static _ => { }))
    {
        public override IInvocationFeatures Features { get; } = new NoFeatures();
    }

    private sealed class NoFeatures : IInvocationFeatures
    {
        public T? Get<T>() => default;

        public void Set<T>(T instance) => throw new NotSupportedException();

        public IEnumerator<KeyValuePair<Type, object>> GetEnumerator() => Enumerable.Empty<KeyValuePair<Type, object>>().GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
