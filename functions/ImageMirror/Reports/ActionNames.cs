namespace Ebb.ImageMirror.Reports;

/// <summary>Actions as the report writes them.</summary>
internal static class ActionNames
{
    public static string Of(MirrorAction action) => action switch
    {
        MirrorAction.Unchanged => "unchanged",
        MirrorAction.Copied => "copied",
        MirrorAction.Updated => "updated",
        MirrorAction.SignatureAdded => "signed",
        MirrorAction.Drift => "drift",
        MirrorAction.WouldCopy => "would-copy",
        MirrorAction.WouldUpdate => "would-update",
        MirrorAction.WouldSign => "would-sign",
        _ => "failed",
    };

    /// <summary>What an action is called when nothing is written.</summary>
    public static MirrorAction InDryRun(MirrorAction action) => action switch
    {
        MirrorAction.Copied => MirrorAction.WouldCopy,
        MirrorAction.Updated => MirrorAction.WouldUpdate,
        MirrorAction.SignatureAdded => MirrorAction.WouldSign,
        _ => action,
    };
}
