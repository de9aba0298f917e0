namespace Ebb.Worker;

/// <summary>Marks a method as a function. Its trigger is the attribute on one of its parameters.</summary>
/// <param name="name">The name, unique in the process: a letter, then letters, digits, <c>-</c> and <c>_</c>.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FunctionAttribute(string name) : Attribute
{
    /// <summary>The function's name.</summary>
    public string Name { get; } = name;
}
