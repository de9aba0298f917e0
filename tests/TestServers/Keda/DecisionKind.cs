namespace Ebb.TestServers.Keda;

public enum DecisionKind
{
    /// <summary>Replicas changed.</summary>
    Scaled,

    /// <summary>A push arrived.</summary>
    Push,

    /// <summary>A pod started, became ready, ended or was told to.</summary>
    Pod,

    /// <summary>The scaler could not be asked, or said something wrong.</summary>
    Error,
}
