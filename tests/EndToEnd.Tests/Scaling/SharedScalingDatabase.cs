namespace Ebb.EndToEnd.Tests.Scaling;

[CollectionDefinition(Name)]
public sealed class SharedScalingDatabase : ICollectionFixture<ScalingDatabase>
{
    public const string Name = "scaling";
}
