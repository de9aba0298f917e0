using Microsoft.Extensions.DependencyInjection;

namespace Ebb.EtcdBackup.Drills;

/// <summary>What drills are made of, beside what <see cref="SnapshotServices"/> adds.</summary>
internal static class DrillServices
{
    public static IServiceCollection AddDrills(this IServiceCollection services, DrillOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton<DrillMemory>();
        services.AddSingleton<DrillEngine>();
        return services;
    }
}
