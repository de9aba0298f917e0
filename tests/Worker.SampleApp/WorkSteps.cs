namespace Ebb.Worker.SampleApp;

/// <summary>Writes down what the functions do, where tests of other processes can read it.</summary>
public sealed class WorkSteps
{
    private readonly Lock _gate = new();

    public void Note(string? file, string step)
    {
        if (file is not null)
        {
            lock (_gate)
            {
                File.AppendAllText(file, $"{step}\n");
            }
        }
    }
}
