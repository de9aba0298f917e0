using Microsoft.Azure.Functions.Worker;

namespace Ebb.Worker.Tests.Invocations;

/// <summary>A context that middleware hands on in place of the one it got.</summary>
internal class WrappedContext(FunctionContext inner) : FunctionContext
{
    public override string InvocationId => inner.InvocationId;

    public override string FunctionId => inner.FunctionId;

    public override TraceContext TraceContext => inner.TraceContext;

    public override BindingContext BindingContext => inner.BindingContext;

    public override RetryContext RetryContext => inner.RetryContext;

    public override IServiceProvider InstanceServices { get => inner.InstanceServices; set => inner.InstanceServices = value; }

    public override FunctionDefinition FunctionDefinition => inner.FunctionDefinition;

    public override IDictionary<object, object> Items { get => inner.Items; set => inner.Items = value; }

    public override IInvocationFeatures Features => inner.Features;
}
