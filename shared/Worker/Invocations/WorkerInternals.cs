using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Ebb.Storage;
using Microsoft.Azure.Functions.Worker;

namespace Ebb.Worker.Invocations;

/// <summary>
/// Internals of Worker.Core and Worker.Grpc 2.52.0. <c>GetInvocationResult()</c> and <c>GetOutputBindings()</c>, which middleware calls, ask a
/// context for the internal <c>IFunctionBindingsFeature</c>; its only implementation is in Worker.Grpc. It is made by three constructors,
/// and only when somebody asks for it: without middleware nothing of Worker.Grpc is loaded.
/// </summary>
internal static class WorkerInternals
{
    private const string Packages = "Microsoft.Azure.Functions.Worker.Core and Microsoft.Azure.Functions.Worker.Grpc";
    private const string BindingsFeature = "Microsoft.Azure.Functions.Worker.Context.Features.IFunctionBindingsFeature";

    private const string Switch = "Ebb.Worker.Middleware";

    /// <summary>
    /// Whether middleware may ask for results. Default true. An executable whose apps have none sets the switch to false
    /// (<c>RuntimeHostConfigurationOption</c> with <c>Trim</c>), and its native binary is without Worker.Grpc and Protobuf.
    /// </summary>
    [FeatureSwitchDefinition(Switch)]
    internal static bool IsSupported => !AppContext.TryGetSwitch(Switch, out var isOn) || isOn;

    /// <summary>Whether the type is the internal feature.</summary>
    public static bool IsBindings(Type feature) => feature.FullName == BindingsFeature;

    /// <exception cref="InvalidOperationException">An internal has changed; it names the packages.</exception>
    public static object CreateBindings(FunctionContext context)
    {
        if (!IsSupported)
        {
            throw new InvalidOperationException($"Middleware is switched off in this executable. Take the switch {Switch} out of its project.");
        }

        try
        {
            return NewBindings(context, NewRequest(), NewOutputs());
        }
        catch (Exception e) when (e is MissingMemberException or TypeLoadException or FileNotFoundException or BadImageFormatException)
        {
            throw Changed(e.Message, e);
        }
    }

    /// <summary>Tries what middleware relies on, so that a package that has changed is found at start and not at the first message.</summary>
    /// <exception cref="InvalidOperationException">An internal has changed; it names the packages.</exception>
    public static void Check()
    {
        var written = new object();
        FunctionContext context = new RunContext
        {
            RunId = new RunId(Guid.Empty),
            Function = new IndexedFunction("SelfTest", "SelfTest", new QueueTriggerDefinition("self-test"), static _ => default),
            InstanceServices = EmptyServices.Instance,
            TriggerData = string.Empty,
        };
        Check(context, written);
    }

    internal static void Check(FunctionContext context, object written)
    {
        try
        {
            context.GetInvocationResult().Value = written;
            if (context.GetInvocationResult().Value != written || context.GetOutputBindings<object>().Any())
            {
                throw Changed("a result that is set is not read back.", null);
            }
        }
        catch (Exception e) when (e is MissingMemberException or TypeLoadException or InvalidCastException)
        {
            throw Changed(e.Message, e);
        }
    }

    private static InvalidOperationException Changed(string how, Exception? inner) => new(
        $"The packages {Packages} are not those that this host was built for: {how} Restore the versions of Directory.Packages.props, or adapt {nameof(WorkerInternals)}.",
        inner);

    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    [return: UnsafeAccessorType("Microsoft.Azure.Functions.Worker.Grpc.Features.GrpcFunctionBindingsFeature, Microsoft.Azure.Functions.Worker.Grpc")]
    private static extern object NewBindings(
        FunctionContext context,
        [UnsafeAccessorType("Microsoft.Azure.Functions.Worker.Grpc.Messages.InvocationRequest, Microsoft.Azure.Functions.Worker.Grpc")] object request,
        [UnsafeAccessorType("Microsoft.Azure.Functions.Worker.OutputBindings.IOutputBindingsInfoProvider, Microsoft.Azure.Functions.Worker.Core")] object outputs);

    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    [return: UnsafeAccessorType("Microsoft.Azure.Functions.Worker.Grpc.Messages.InvocationRequest, Microsoft.Azure.Functions.Worker.Grpc")]
    private static extern object NewRequest();

    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    [return: UnsafeAccessorType("Microsoft.Azure.Functions.Worker.OutputBindings.DefaultOutputBindingsInfoProvider, Microsoft.Azure.Functions.Worker.Core")]
    private static extern object NewOutputs();

    private sealed class EmptyServices : IServiceProvider
    {
        public static EmptyServices Instance { get; } = new();

        public object? GetService(Type serviceType) => null;
    }
}
