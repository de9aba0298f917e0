using Ebb.Scaler.Metadata;
using Ebb.Scaler.Protos;

namespace Ebb.Scaler.Tests;

/// <summary>ScaledObjects as KEDA names them.</summary>
internal static class References
{
    public static ScaledObjectRef Of(params (string Key, string Value)[] metadata)
    {
        var reference = new ScaledObjectRef { Namespace = "platform", Name = "worker" };
        foreach (var (key, value) in metadata)
        {
            reference.ScalerMetadata[key] = value;
        }

        return reference;
    }

    public static ScaledApp App(params (string Key, string Value)[] metadata)
    {
        MetadataReader.TryRead(Of(metadata), out var app, out var error).ShouldBeTrue(error);
        return app!;
    }
}
