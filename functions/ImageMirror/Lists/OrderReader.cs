using Ebb.Contracts;
using Ebb.Contracts.Images;
using Ebb.ImageMirror.Adhoc;
using Ebb.ImageMirror.Mirroring;
using Ebb.Worker;

namespace Ebb.ImageMirror.Lists;

/// <summary>Makes the order of a request: the one place that decides what may be mirrored and signed.</summary>
internal sealed class OrderReader(MirrorOptions options)
{
    /// <summary>The order; null when the request asks for anything that is not allowed, with every problem.</summary>
    /// <exception cref="FunctionFailedException">The list cannot be used, or no target is set.</exception>
    public async Task<MirrorOrder?> ReadAsync(MirrorRequest request, ListProblems problems, CancellationToken cancellationToken)
    {
        // Read for images outside the list as well: no entry of it may write where they go.
        var list = await ReadListAsync(cancellationToken);
        var target = options.Target ?? list.Target ?? throw Unusable("There is no target", "Write target: into the images file, or set ImageMirror:Target.");
        var images = request.Adhoc is { } adhoc ? ChooseAdhoc(adhoc, problems) : new Selection(list, options.ImagesFile, problems).Of(request.Images);
        return problems.Messages.Count > 0
            ? null
            : new MirrorOrder { Target = target, Images = images, Adhoc = request.Adhoc is null ? null : options.Adhoc, DryRun = request.DryRun };
    }

    private async Task<ImageList> ReadListAsync(CancellationToken cancellationToken)
    {
        var problems = new ListProblems();
        return await ImagesFile.ReadAsync(options, problems, cancellationToken) ?? throw Unusable("The images file cannot be used", string.Join('\n', problems.Messages));
    }

    private IReadOnlyList<MirrorImage> ChooseAdhoc(IReadOnlyList<AdhocImage> asked, ListProblems problems)
    {
        if (options.Adhoc is { } adhoc)
        {
            return adhoc.Choose(asked, options.ImagesFile, problems);
        }

        problems.Add("adhoc", $"images outside the list are not allowed here ({AdhocOptions.Section} is not set): images are approved in the list, {options.ImagesFile} (ImageMirror:ImagesFile)");
        return [];
    }

    private static FunctionFailedException Unusable(string what, string why) => new($"{what}:\n{why}") { Retryable = false };
}
