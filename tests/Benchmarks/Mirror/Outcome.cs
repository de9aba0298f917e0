using Ebb.Benchmarks.Processes;

namespace Ebb.Benchmarks.Mirror;

/// <summary>A contender's figures of one round: the first mirror, and the same again with nothing changed.</summary>
internal sealed record Outcome(Measurement First, Measurement Again, int AgainRequests)
{
    public static Outcome Median(IReadOnlyList<Outcome> rounds) => new(
        Measurement.Median([.. rounds.Select(round => round.First)]),
        Measurement.Median([.. rounds.Select(round => round.Again)]),
        (int)Measurement.Middle(rounds.Select(round => (double)round.AgainRequests)));
}
