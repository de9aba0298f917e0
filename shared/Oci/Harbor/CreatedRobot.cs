namespace Ebb.Oci.Harbor;

/// <summary>A robot account that was just made. Harbor tells its secret this once.</summary>
/// <param name="Id">Its id, by which it is deleted.</param>
/// <param name="Name">The name to log in with.</param>
/// <param name="Secret">The password to log in with.</param>
public sealed record CreatedRobot(long Id, string Name, string Secret)
{
    /// <summary>Without the secret.</summary>
    public override string ToString() => $"{nameof(CreatedRobot)} {{ Id = {Id}, Name = {Name} }}";
}
