using System.Collections.Immutable;
using Microsoft.Azure.Functions.Worker;

namespace Ebb.Worker;

/// <summary>What the compile-time index says of one function. Written by the source generator.</summary>
/// <param name="name">The function's name.</param>
/// <param name="entryPoint">The method, as <c>Namespace.Type.Method</c>.</param>
/// <param name="trigger">What starts it.</param>
/// <param name="invoker">Calls the method.</param>
public sealed class IndexedFunction(string name, string entryPoint, TriggerDefinition trigger, FunctionInvoker invoker) : FunctionDefinition
{
    private IImmutableDictionary<string, BindingMetadata>? _inputs;
    private IImmutableDictionary<string, BindingMetadata>? _outputs;

    /// <inheritdoc/>
    public override string Name { get; } = name;

    /// <summary>The name, which is unique in the process.</summary>
    public override string Id => Name;

    /// <inheritdoc/>
    public override string EntryPoint { get; } = entryPoint;

    /// <summary>Empty: a function may be part of a native binary.</summary>
    public override string PathToAssembly => string.Empty;

    /// <summary>What starts it.</summary>
    public TriggerDefinition Trigger { get; } = trigger;

    /// <summary>The parameter that has the trigger.</summary>
    public string TriggerParameter { get; init; } = "trigger";

    /// <summary>The retry attribute; null means the host's policy.</summary>
    public RetryPolicy? Retry { get; init; }

    /// <summary>
    /// The types that are read from or written as JSON: of the message, of the return value and of outputs. The host checks at start that
    /// <see cref="IFunctionApp.Json"/> knows each.
    /// </summary>
    public IReadOnlyList<Type> JsonTypes { get; init; } = [];

    /// <summary>Where the return value or its properties are sent besides becoming the run's result.</summary>
    public IReadOnlyList<OutputDefinition> Outputs { get; init; } = [];

    /// <summary>Calls the method.</summary>
    public FunctionInvoker Invoker { get; } = invoker;

    /// <summary>Understands what the method returned. Default: it returns nothing.</summary>
    public FunctionResultReader Result { get; init; } = static (_, _) => FunctionBinding.None;

    /// <summary>Gives the parameters, for middleware that asks.</summary>
    public Func<FunctionParameter[]> Signature { get; init; } = static () => [];

    /// <inheritdoc/>
    public override ImmutableArray<FunctionParameter> Parameters => [.. Signature()];

    /// <inheritdoc/>
    public override IImmutableDictionary<string, BindingMetadata> InputBindings => _inputs ??=
        ImmutableDictionary<string, BindingMetadata>.Empty.Add(TriggerParameter, new Binding(TriggerParameter, Trigger.Type, BindingDirection.In));

    /// <inheritdoc/>
    public override IImmutableDictionary<string, BindingMetadata> OutputBindings => _outputs ??=
        Outputs.ToImmutableDictionary(output => output.Name, output => (BindingMetadata)new Binding(output.Name, output.Type, BindingDirection.Out));

    private sealed class Binding(string name, string type, BindingDirection direction) : BindingMetadata
    {
        public override string Name { get; } = name;

        public override string Type { get; } = type;

        public override BindingDirection Direction { get; } = direction;
    }
}

/// <summary>Creates the function's class with its dependencies, binds the parameters and calls the method; null when it returns nothing.</summary>
public delegate ValueTask<object?> FunctionInvoker(FunctionContext context);

/// <summary>Understands what a function returned, or what middleware put in its place.</summary>
public delegate FunctionResult FunctionResultReader(FunctionContext context, object? value);
