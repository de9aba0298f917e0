namespace Ebb.AllInOne;

internal static class Placeholder
{
    private static void Main()
    {
    }
}
