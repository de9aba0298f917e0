using Ebb.Contracts.Previews;
using Ebb.Oci;
using Ebb.Oci.Harbor;
using Ebb.PrPreview.Names;
using Ebb.PrPreview.Rendering;
using Ebb.PrPreview.Settings;

namespace Ebb.PrPreview.Cluster;

/// <summary>
/// Makes and deletes the robot accounts that previews pull with. A robot's description says whose it is: one of the same name that somebody
/// else made is left alone.
/// </summary>
internal sealed class PullRobots : IDisposable
{
    private readonly HarborRobotOptions? _options;
    private readonly string _registry;
    private readonly RegistryClients _clients;

    public PullRobots(PreviewOptions options, TimeProvider time)
    {
        (_options, _registry) = (options.Environment.Robot, options.Image.Registry);
        // Not the account that looks for images: this one may make others.
        _clients = new RegistryClients(
            new RegistriesOptions
            {
                Registries = _options is null
                    ? []
                    : [new RegistryOptions { Host = _registry, Username = _options.Username, PasswordFile = _options.PasswordFile, CaFile = _options.CaFile }],
            },
            time);
    }

    private HarborRobots Robots => _clients.For(_registry).Harbor.Robots;

    /// <summary>Makes the preview's robot, in place of one that it has already: a secret is told once, and may not have arrived.</summary>
    /// <returns>The content of the secret to pull with.</returns>
    /// <exception cref="PreviewException">Somebody else has a robot of that name.</exception>
    /// <exception cref="RegistryException">Harbor refuses or failed.</exception>
    public async Task<byte[]> MakeAsync(PreviewPlan plan, CancellationToken cancellationToken)
    {
        try
        {
            return await ReplaceAsync(_options!, plan, cancellationToken);
        }
        catch (RegistryException e) when (e.Fault is RegistryFault.ProjectMissing)
        {
            throw e.WithRemedy($"Create the project in Harbor, or correct {PreviewOptions.Section}:HarborRobot:Project.");
        }
    }

    /// <summary>Deletes the preview's robot, if it has one.</summary>
    /// <exception cref="RegistryException">Harbor refuses or failed.</exception>
    public async Task RemoveAsync(PreviewSubject subject, CancellationToken cancellationToken)
    {
        if (_options is null)
        {
            return;
        }

        try
        {
            if (await Robots.FindAsync(_options.Project, RobotName.For(subject.Name), cancellationToken) is { } found
                && found.Description == DescriptionOf(subject.Name, subject.PullRequest.Key))
            {
                await Robots.DeleteAsync(found, cancellationToken);
            }
        }
        catch (RegistryException e) when (e.Fault is RegistryFault.ProjectMissing)
        {
            // Its robots went with it.
        }
    }

    public void Dispose() => _clients.Dispose();

    private async Task<byte[]> ReplaceAsync(HarborRobotOptions options, PreviewPlan plan, CancellationToken cancellationToken)
    {
        var (project, name, description) = (options.Project, RobotName.For(plan.Name), DescriptionOf(plan.Name, plan.PullRequest));
        if (await Robots.FindAsync(project, name, cancellationToken) is { } found)
        {
            if (found.Description != description)
            {
                throw new PreviewException(
                    $"The Harbor project {project} has a robot {found.Name} already, and it was not made for this pull request's preview; it was left as it is. Ask those who run the platform.");
            }

            await Robots.DeleteAsync(found, cancellationToken);
        }

        var made = await Robots.CreatePullerAsync(project, name, description, options.Days, cancellationToken);
        return PullSecret.ContentOf(_registry, made.Name, made.Secret);
    }

    private static string DescriptionOf(PreviewName name, string pullRequest) => $"Ebb made this for the preview {name} of the pull request {pullRequest}, and deletes it with it.";
}
