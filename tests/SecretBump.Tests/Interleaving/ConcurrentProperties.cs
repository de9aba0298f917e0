using FsCheck;
using FsCheck.Fluent;

namespace Ebb.SecretBump.Tests.Interleaving;

/// <summary>
/// Several workers make changes of the same environment and of others at the same time; they die and stand still at requests of any number,
/// their leases lapse, and messages come twice and late.
/// </summary>
public sealed class ConcurrentProperties
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    [Fact]
    public void AnyInterleaving_OfSeveralWorkers_EndsWithTheLastAcceptedChangeAndEveryVersionAccountedFor() =>
        Prop.ForAll(Lines.ToArbitrary(), lines => HoldsAsync(lines).GetAwaiter().GetResult()).Check(Config.QuickThrowOnFailure.WithMaxTest(Tests));

    // More where somebody looks for rare ones.
    private static int Tests => int.TryParse(Environment.GetEnvironmentVariable("EBB_INTERLEAVINGS"), out var tests) ? tests : 15;

    // One line for each application.
    private static Gen<Act[][]> Lines => Acts.ArrayOf().Resize(7).ArrayOf(Stage.Applications.Count);

    private static Gen<Act> Acts =>
        from isRollback in Gen.Frequency((2, Gen.Constant(false)), (1, Gen.Constant(true)))
        from tag in Gen.Elements(Stage.FirstTag, "1.1", "1.2", "1.3")
        from environments in Gen.Elements<string[]>(["dev"], ["prd"], ["dev", "prd"])
        from fates in Fates.ArrayOf().Resize(2)
        from resumeAfter in Gen.Choose(0, 3)
        from againAfter in Gen.Frequency((2, Gen.Constant((int?)null)), (1, Gen.Choose(0, 2).Select(after => (int?)after)))
        select new Act { IsRollback = isRollback, Tag = tag, Environments = environments, Fates = fates, ResumeAfter = resumeAfter, AgainAfter = againAfter };

    private static Gen<Fate> Fates =>
        from kind in Gen.Elements(FateKind.None, FateKind.KilledBefore, FateKind.KilledAfter, FateKind.StalledBefore, FateKind.StalledAfter)
        from at in Gen.Choose(1, 32)
        select kind == FateKind.None ? Fate.None : new Fate(kind, at);

    private static async Task<bool> HoldsAsync(Act[][] lines)
    {
        await using var stage = await Stage.StartAsync();
        await using var crew = new Crew(stage.Bench);
        var queues = Stage.Applications.Select(application => new ChangeQueue(crew, application)).ToList();
        var ends = await Task.WhenAll(queues.Select((queue, i) => queue.MakeAsync(lines[i]))).WaitAsync(Patience);
        crew.ResumeAll();
        foreach (var queue in queues)
        {
            (await queue.BesideAsync().WaitAsync(Patience)).SelectMany(report => report.Environments).ShouldAllBe(environment => environment.Fault != "other");
        }

        foreach (var (application, environment) in Stage.Places)
        {
            await stage.ShouldHoldAsync(application, environment, ends[Stage.Applications.ToList().IndexOf(application)].GetValueOrDefault(environment, Stage.FirstTag));
        }

        return true;
    }
}
