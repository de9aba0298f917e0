namespace Ebb.Vault.KeyValue;

/// <summary>A version of a secret, without its data.</summary>
/// <param name="Number">1 for the first.</param>
/// <param name="Created">When it was written.</param>
/// <param name="Deleted">When it was or will be deleted; null: never. A deleted version can be undeleted until it is destroyed.</param>
/// <param name="Destroyed">Its data is gone for good.</param>
public sealed record KeyValueVersion(int Number, DateTimeOffset Created, DateTimeOffset? Deleted, bool Destroyed)
{
    /// <summary>True when its data can be read at that time.</summary>
    public bool IsReadableAt(DateTimeOffset time) => !Destroyed && !(Deleted <= time);
}
