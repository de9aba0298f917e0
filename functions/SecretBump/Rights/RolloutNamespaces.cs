using Ebb.Kubernetes;
using Ebb.SecretBump.Policies;
using Ebb.Settings;
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

    /// <summary>The setting itself; wrong names are noted and left out.</summary>
    public static IReadOnlyList<string> Given(IConfiguration configuration, ICollection<string> problems) =>
        new SettingsReader(configuration, problems).All(Key, "names of the namespaces that get rights", ObjectReference.IsNamespace);

    public static RolloutNamespaces From(IConfiguration configuration, BumpOptions options)
    {
        var problems = new List<string>();
        var given = Given(configuration, problems);
        var stated = options.Environments.Values.Append(options.Default).Select(policy => policy.Namespace).OfType<string>().Distinct(StringComparer.Ordinal).ToLookup(name => name.Contains('{'));
        if (stated[true].Any() && given.Count == 0 && problems.Count == 0)
        {
            problems.Add($"SecretBump rolls out in '{string.Join("', '", stated[true])}', which can be any namespace. List in {Key} those that there are, with commas between them; "
                + "the app gets rights in each of them, and in no other.");
        }

        return new([.. stated[false].Concat(given).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)], problems);
    }
}
