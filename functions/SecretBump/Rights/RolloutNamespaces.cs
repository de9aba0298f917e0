using Ebb.Kubernetes;
using Ebb.SecretBump.Policies;
using Microsoft.Extensions.Configuration;

namespace Ebb.SecretBump.Rights;

/// <summary>
/// The namespaces in which the app gets rights: those that the policies name, and those of <c>SecretBump:Namespaces</c> where a policy's name
/// has an application or environment in it. A right in all of them would let it read every Secret of the cluster, and no policy of admission
/// sees a read.
/// </summary>
/// <param name="Names">The namespaces.</param>
/// <param name="Problems">What is wrong with the setting.</param>
internal sealed record RolloutNamespaces(IReadOnlyList<string> Names, IReadOnlyList<string> Problems)
{
    private const string Key = "SecretBump:Namespaces";

    public static RolloutNamespaces From(IConfiguration configuration, BumpOptions options)
    {
        var given = configuration.GetSection(Key).GetChildren().Select(child => child.Value).Append(configuration[Key]).OfType<string>()
            .SelectMany(text => text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).ToList();
        var stated = options.Environments.Values.Append(options.Default).Select(policy => policy.Namespace).OfType<string>().Distinct(StringComparer.Ordinal).ToLookup(name => name.Contains('{'));
        var problems = given.Where(name => !ObjectReference.IsNamespace(name)).Select(name => $"{Key} holds '{name}', which is no name of a namespace.").ToList();
        if (stated[true].Any() && given.Count == 0)
        {
            problems.Add($"SecretBump rolls out in '{string.Join("', '", stated[true])}', which can be any namespace. List in {Key} those that there are, with commas between them; "
                + "the app gets rights in each of them, and in no other.");
        }

        return new([.. stated[false].Concat(given).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)], problems);
    }
}
