namespace Ebb.Worker.Definitions;

/// <summary>A queue or its poison queue, as people name them: <c>work</c>, and as with Azure Functions <c>work-poison</c>.</summary>
internal readonly record struct QueueAddress(string Queue, bool IsPoison)
{
    private const string PoisonSuffix = "-poison";

    public static bool IsPoisonName(string name) => name.Length > PoisonSuffix.Length && name.EndsWith(PoisonSuffix, StringComparison.Ordinal);

    public static QueueAddress Of(string name, bool poison) =>
        IsPoisonName(name) ? new(name[..^PoisonSuffix.Length], true) : new(name, poison);

    public override string ToString() => IsPoison ? Queue + PoisonSuffix : Queue;
}
