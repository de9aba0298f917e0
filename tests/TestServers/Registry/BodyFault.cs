using Microsoft.AspNetCore.Http;

namespace Ebb.TestServers.Registry;

/// <summary>What goes wrong with a body.</summary>
public sealed record BodyFault
{
    public static BodyFault None { get; } = new();

    /// <summary>Drops the connection after this many bytes of the answer, whose length was stated in full.</summary>
    public int? CutAnswerAfter { get; init; }

    /// <summary>Falls silent after this many bytes of the answer.</summary>
    public int? StallAnswerAfter { get; init; }

    /// <summary>Alters the last byte of the answer.</summary>
    public bool AlterAnswer { get; init; }

    /// <summary>Sends bytes without end and without a stated length.</summary>
    public bool EndlessAnswer { get; init; }

    /// <summary>Drops the connection after this many bytes of the request.</summary>
    public int? CutRequestAfter { get; init; }

    /// <summary>Stops reading after this many bytes of the request.</summary>
    public int? StallRequestAfter { get; init; }

    internal static BodyFault Of(HttpContext context) => context.Items.TryGetValue(nameof(BodyFault), out var fault) ? (BodyFault)fault! : None;

    internal void ApplyTo(HttpContext context) => context.Items[nameof(BodyFault)] = this;
}
