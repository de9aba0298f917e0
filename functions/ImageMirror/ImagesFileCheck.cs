using Ebb.Contracts.Images;
using Ebb.ImageMirror.Lists;
using Ebb.ImageMirror.Mirroring;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Ebb.ImageMirror;

/// <summary>
/// Warns at start of a list that the next run will refuse. Only a warning: the file is read anew at each run.
/// </summary>
internal sealed partial class ImagesFileCheck(MirrorOptions options, ILogger<ImagesFileCheck> logger) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var problems = new ListProblems();
        await ImagesFile.ReadAsync(options, problems, cancellationToken);
        foreach (var problem in problems.Messages)
        {
            LogProblem(problem);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(3010, LogLevel.Warning, "The next run will fail: {Problem}")]
    private partial void LogProblem(string problem);
}
