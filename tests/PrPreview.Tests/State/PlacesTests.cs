using Ebb.PrPreview.Settings;
using Ebb.PrPreview.State;

namespace Ebb.PrPreview.Tests.State;

public sealed class PlacesTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch;
    private static readonly PreviewLimits Limits = Sample.Options(("MaxTotal", "3"), ("MaxPerRepository", "2")).Limits;

    [Fact]
    public void Ask_Free_TakesAPlaceOnce()
    {
        var places = new Places().Ask("a", "r", Limits, Now);
        places.Taken.Keys.ShouldBe(["a"]);
        places.Ask("a", "r", Limits, Now).ShouldBeSameAs(places);
    }

    [Fact]
    public void Ask_Full_WaitsInOrderAndMovesUp()
    {
        var places = Ask(new Places(), ("a", "1"), ("b", "2"), ("c", "3"), ("d", "4"), ("e", "5"));
        places.Taken.Keys.ShouldBe(["a", "b", "c"]);
        places.Waiting.Select(one => one.Name).ShouldBe(["d", "e"]);

        places = places.Leave("b");
        // The younger one asks first, and still it is the older one's turn.
        Ask(places, ("e", "5")).Taken.Keys.ShouldNotContain("e");
        Ask(places, ("e", "5"), ("d", "4")).Taken.Keys.ShouldBe(["a", "c", "d"], ignoreOrder: true);
    }

    [Fact]
    public void Ask_RepositoryHasTooMany_OthersPass()
    {
        var places = Ask(new Places(), ("a", "1"), ("b", "1"), ("c", "1"), ("d", "2"));
        places.Taken.Keys.ShouldBe(["a", "b", "d"]);
        places.Waiting.ShouldHaveSingleItem().Name.ShouldBe("c");
    }

    [Fact]
    public void Ask_OneThatWaitedIsGone_IsForgotten()
    {
        var places = Ask(new Places(), ("a", "1"), ("b", "2"), ("c", "3"), ("d", "4")).Leave("a");
        places.Ask("e", "5", Limits, Now + TimeSpan.FromMinutes(11)).Taken.Keys.ShouldContain("e");
    }

    [Fact]
    public void Ask_StillWaiting_IsStoredOnlyNowAndThen()
    {
        var places = Ask(new Places(), ("a", "1"), ("b", "2"), ("c", "3"), ("d", "4"));
        places.Ask("d", "4", Limits, Now + TimeSpan.FromMinutes(1)).ShouldBeSameAs(places);
        places.Ask("d", "4", Limits, Now + TimeSpan.FromMinutes(3)).Waiting.ShouldHaveSingleItem().SeenAt.ShouldBe(Now + TimeSpan.FromMinutes(3));
    }

    [Fact]
    public void Leave_Unknown_ChangesNothing()
    {
        var places = new Places();
        places.Leave("a").ShouldBeSameAs(places);
    }

    private static Places Ask(Places places, params (string Name, string Repository)[] all) =>
        all.Aggregate(places, (before, one) => before.Ask(one.Name, one.Repository, Limits, Now));
}
