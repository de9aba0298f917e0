using System.CommandLine;
using System.Text;
using Ebb.Oci;
using Ebb.Signing;
using Ebb.Signing.Keys;
using Ebb.Vault;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ebb.ImageMirror.Commands;

/// <summary><c>signing generate-key</c> and <c>signing kyverno-policy</c>.</summary>
internal sealed class SigningCommand : Command
{
    private readonly IConfiguration _configuration;
    private readonly Func<IReadOnlyList<string>> _images;

    /// <param name="configuration">The settings: <c>Signing</c>, <c>Vault</c>, <c>COSIGN_PASSWORD</c>.</param>
    /// <param name="images">The images that the policy covers: <c>registry/repository</c> under the target.</param>
    public SigningCommand(IConfiguration configuration, Func<IReadOnlyList<string>> images)
        : base("signing", "Make signing keys and the policy that checks signatures.")
    {
        _configuration = configuration;
        _images = images;
        Add(GenerateKey());
        Add(KyvernoPolicyCommand());
    }

    private Command GenerateKey()
    {
        var prefix = new Option<string>("--output-key-prefix") { Description = "Writes <prefix>.key and <prefix>.pub.", DefaultValueFactory = _ => "cosign" };
        var passwordFile = new Option<string?>("--password-file") { Description = "A file with the password. Default: Signing:PasswordFile, Signing:Password, COSIGN_PASSWORD, else asked for." };
        var command = new Command("generate-key", "Make a key pair that cosign reads.") { prefix, passwordFile };
        command.SetAction((result, cancellationToken) => RunAsync(result.InvocationConfiguration.Error, async () =>
        {
            var name = result.GetValue(prefix)!;
            var password = PasswordSource.Read(result.GetValue(passwordFile), SigningOptions.From(_configuration));
            SigningKeyPair.Generate(Encoding.UTF8.GetBytes(password)).Write(name);
            await result.InvocationConfiguration.Output.WriteLineAsync($"Private key written to {name}.key\nPublic key written to {name}.pub".AsMemory(), cancellationToken);
        }));
        return command;
    }

    private Command KyvernoPolicyCommand()
    {
        var kyverno = new Option<string?>("--kyverno") { Description = "The version of Kyverno that the policy is for, such as 1.18. Default: Signing:Kyverno, else one before 1.19." };
        var publicKey = new Option<string?>("--key") { Description = "A file with the public key. Default: the keys of Signing:Key." };
        var target = new Option<bool>("--target") { Description = "Look also at what lies in the target, and name on standard error what the policy would refuse; the exit code is then 1." };
        var command = new Command("kyverno-policy", "Print the Kyverno policy that admits exactly the mirrored images, signed by our key. It needs no internet.") { kyverno, publicKey, target };
        command.SetAction((result, cancellationToken) => RunAsync(result.InvocationConfiguration.Error, async () =>
        {
            var options = SigningOptions.From(_configuration);
            var version = VersionOf(result.GetValue(kyverno) ?? options.Kyverno, result.InvocationConfiguration.Error);
            var keys = result.GetValue(publicKey) is { } file ? [await File.ReadAllTextAsync(file, cancellationToken)] : await ReadKeysAsync(cancellationToken);
            if (version.FindProblem(options.Formats) is { } refused)
            {
                throw new SigningException(refused);
            }

            var images = _images();
            var policy = version.ReadsBundles ? KyvernoPolicy.RenderImageValidating(images, keys) : KyvernoPolicy.Render(images, keys);
            await result.InvocationConfiguration.Output.WriteAsync(policy.AsMemory(), cancellationToken);
            if (result.GetValue(target))
            {
                await CheckTargetAsync(images, version, keys, cancellationToken);
            }
        }));
        return command;
    }

    private async Task CheckTargetAsync(IReadOnlyList<string> images, KyvernoVersion version, IReadOnlyList<string> keys, CancellationToken cancellationToken)
    {
        using var registries = new RegistryClients(RegistriesOptions.From(_configuration), TimeProvider.System);
        using var admission = new ImageAdmission(registries, version, keys, TimeProvider.System, NullLogger<ImageAdmission>.Instance);
        var problems = await new TargetAdmission(registries, admission).FindProblemsAsync(images, cancellationToken);
        if (problems.Count > 0)
        {
            throw new SigningException(
                $"This policy and the target do not agree:\n{string.Join('\n', problems)}\n" +
                "Mirror what the list still names again, which adds the signatures that Signing:Formats asks for; delete what it names no more.");
        }
    }

    private static KyvernoVersion VersionOf(string? text, TextWriter error)
    {
        if (text is null)
        {
            error.WriteLine(
                $"This ClusterPolicy is for Kyverno {KyvernoVersion.Oldest} and newer, before 1.20, which is to drop that kind; from {KyvernoVersion.FirstWithImageValidatingPolicy} on say --kyverno <version>.");
            return KyvernoVersion.Oldest;
        }

        return KyvernoVersion.TryParse(text, out var version, out var problem) ? version : throw new SigningException($"--kyverno (Signing:Kyverno): {problem}");
    }

    // Every version of a key in Vault that still counts is admitted, so that a rotation stops no pod.
    private async Task<IReadOnlyList<string>> ReadKeysAsync(CancellationToken cancellationToken)
    {
        using var vault = new LazyVault(_configuration);
        var signer = Signers.Create(SigningOptions.From(_configuration), vault.Open, TimeProvider.System);
        return [.. (await signer.GetPublicKeysAsync(cancellationToken)).Select(key => key.ExportSubjectPublicKeyInfoPem())];
    }

    private static async Task<int> RunAsync(TextWriter error, Func<Task> run)
    {
        try
        {
            await run();
            return 0;
        }
        catch (Exception exception) when (exception is SigningException or VaultException or OciFormatException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            await error.WriteLineAsync(exception.Message);
            return 1;
        }
    }

    private sealed class LazyVault(IConfiguration _configuration) : IDisposable
    {
        private VaultClient? _client;

        public VaultClient Open() => _client ??= new VaultClient(VaultOptions.From(_configuration), TimeProvider.System);

        public void Dispose() => _client?.Dispose();
    }
}
