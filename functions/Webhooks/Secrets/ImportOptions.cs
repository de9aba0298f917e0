using Ebb.Age;
using Ebb.Settings;
using Microsoft.Extensions.Configuration;

namespace Ebb.Webhooks.Secrets;

/// <summary>To whom imported values are sealed.</summary>
/// <param name="Recipient">The worker's public key (<c>SecretBump:ImportRecipient</c>); null: imports are off.</param>
public sealed record ImportOptions(AgeRecipient? Recipient)
{
    /// <summary>The setting.</summary>
    public const string Key = "SecretBump:ImportRecipient";

    /// <summary>Reads the setting; what is wrong is added to the problems.</summary>
    public static ImportOptions From(IConfiguration configuration, ICollection<string> problems)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(problems);
        var text = new SettingsReader(configuration, problems).Text(Key, "the worker's public key, age1…");
        if (text is null)
        {
            return new ImportOptions((AgeRecipient?)null);
        }

        if (AgeRecipient.TryParse(text, out var recipient, out var error))
        {
            return new ImportOptions(recipient);
        }

        problems.Add($"{Key}: {error}");
        return new ImportOptions((AgeRecipient?)null);
    }
}
