namespace Ebb.Oci.Harbor;

/// <summary>A robot account of a Harbor project.</summary>
/// <param name="Id">Its id, by which it is deleted.</param>
/// <param name="Name">The name to log in with: <c>robot$project+name</c>, where the administrator chose no other prefix than <c>robot$</c>.</param>
/// <param name="Description">What whoever made it wrote; empty where nobody did.</param>
public sealed record HarborRobot(long Id, string Name, string Description);
