using System.CommandLine;
using Ebb.Contracts.Images;
using Ebb.ImageMirror.Lists;
using Ebb.ImageMirror.Mirroring;
using Microsoft.Extensions.Configuration;

namespace Ebb.ImageMirror.Commands;

/// <summary><c>images check [file]</c>: checks an images file and asks no server.</summary>
internal sealed class ImagesCommand : Command
{
    public ImagesCommand(IConfiguration configuration)
        : base("images", "Work with the list of images.")
    {
        var file = new Argument<string?>("file")
        {
            Description = "The images file. Default: ImageMirror:ImagesFile.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var check = new Command("check", "Check the list and show every problem with its line.") { file };
        check.SetAction((result, cancellationToken) => CheckAsync(
            result.GetValue(file) ?? MirrorOptions.From(configuration, []).ImagesFile,
            result.InvocationConfiguration.Output,
            result.InvocationConfiguration.Error,
            cancellationToken));
        Add(check);
    }

    private static async Task<int> CheckAsync(string path, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        var problems = new ListProblems();
        if (await ImagesFile.ReadAsync(path, problems, cancellationToken) is not { } list)
        {
            await error.WriteLineAsync(string.Join('\n', problems.Messages));
            return 1;
        }

        await output.WriteLineAsync($"{path}: {list.Images.Count} images for {list.Target ?? "ImageMirror:Target"}, no problems");
        return 0;
    }
}
