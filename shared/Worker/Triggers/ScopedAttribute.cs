namespace Ebb.Worker;

/// <summary>
/// Says that a function with an <c>HttpTrigger</c> or a <see cref="RabbitMQTriggerAttribute"/> acts on names, and checks that its caller may
/// act on them (<see cref="FunctionContextExtensions"/>: <c>context.Require(name)</c>, <c>context.Scope</c>). Keys that <c>scopes.json</c>
/// limits to some names are let in; without the attribute they get 401. A sender on the broker that <c>scopes.json</c> does not name may act
/// on none; without the attribute it is let in, and one that is limited is not. Under another host it means nothing, and nobody is limited.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ScopedAttribute : Attribute;
