namespace Ebb.Worker.Builder;

/// <summary>The functions of the program. Its generated index adds them when the assembly is loaded.</summary>
public static class ProgramFunctions
{
    private static readonly List<IndexedFunction> All = [];

    /// <summary>The functions so far.</summary>
    internal static IReadOnlyList<IndexedFunction> Indexed => All;

    /// <summary>Adds an assembly's functions; called by generated code.</summary>
    public static void Add(IReadOnlyList<IndexedFunction> functions) => All.AddRange(functions);
}
