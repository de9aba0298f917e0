using Ebb.Scaler.Metadata;

namespace Ebb.Scaler.Tests.Metadata;

public sealed class MetadataReaderTests
{
    [Fact]
    public void TryRead_EveryKey_IsRead()
    {
        var app = References.App(
            ("app", "image-mirror"), ("queues", "image-mirror, bumps ,image-mirror"), ("timers", "A=0 0 2 * * *; B = 00:05:00;"),
            ("timeZone", "Europe/Berlin"), ("lead", "1m"), ("target", "5"));

        app.ScaledObject.ShouldBe("platform/worker");
        app.Queues.ShouldBe(["image-mirror", "bumps"]);
        app.Timers.ShouldBe([new("A", "0 0 2 * * * (Europe/Berlin)"), new("B", "00:05:00 (Europe/Berlin)")]);
        app.AllQueues.ShouldBe(["image-mirror", "bumps", "$timer-A", "$timer-B"]);
        (app.Lead, app.Target, app.MetricName).ShouldBe((TimeSpan.FromMinutes(1), 5, "ebb-image-mirror"));
    }

    [Fact]
    public void TryRead_WithoutOptionalKeys_HasTheDefaults()
    {
        var app = References.App(("app", "a"), ("timers", "A=0 * * * *"));
        (app.Lead, app.Target, app.Queues.Count, app.Timers[0].StoredSchedule).ShouldBe((TimeSpan.FromSeconds(20), 16, 0, "0 * * * * (UTC)"));
    }

    [Fact]
    public void TryRead_KeysOfKeda_AreNoMistakes() =>
        References.App(("app", "a"), ("queues", "q"), ("scalerAddress", "s:9090"), ("enableTLS", "true"), ("unsafeSsl", "false"), ("caCert", "x"));

    [Theory]
    [InlineData("ap", "app")]
    [InlineData("App", "app")]
    [InlineData("queue", "queues")]
    [InlineData("timer", "timers")]
    [InlineData("timezone", "timeZone")]
    [InlineData("leed", "lead")]
    [InlineData("targets", "target")]
    [InlineData("scalerAdress", "scalerAddress")]
    public void TryRead_ATypo_NamesTheRightKey(string key, string right) =>
        Error(("app", "a"), ("queues", "q"), (key, "x")).ShouldContain($"'{key}' is not known; did you mean '{right}'?");

    [Fact]
    public void TryRead_AnUnknownKey_NamesAllKeys() =>
        Error(("app", "a"), ("queues", "q"), ("colour", "blue")).ShouldContain("'colour' is not known; the keys are app, queues, timers, timeZone, lead, target.");

    [Theory]
    [InlineData("app", "", "'app' is missing")]
    [InlineData("app", "-a", "'app' is '-a'")]
    [InlineData("app", "a/b", "'app' is 'a/b'")]
    [InlineData("queues", "a b", "'queues' names 'a b'")]
    [InlineData("queues", "$timer-A", "'queues' names '$timer-A'")]
    [InlineData("timers", "A", "'timers' holds 'A'; it must be Function=schedule")]
    [InlineData("timers", "=0 * * * *", "'timers' holds '=0 * * * *'")]
    [InlineData("timers", "A=0 * * * *;A=1 * * * *", "'timers' names A twice")]
    [InlineData("timers", "A=0 0 31 2 *", "'timers', A: '0 0 31 2 *' is no schedule")]
    [InlineData("timeZone", "Europe/Bonn", "'timeZone' is 'Europe/Bonn'")]
    [InlineData("lead", "20", "'lead' is '20'; it must be a duration from 0s to 1h")]
    [InlineData("lead", "2h", "'lead' is '2h'")]
    [InlineData("target", "0", "'target' is '0'; it must be a whole number from 1")]
    [InlineData("target", "1.5", "'target' is '1.5'")]
    public void TryRead_AWrongValue_IsToldWithWhatIsRight(string key, string value, string expected)
    {
        var metadata = new Dictionary<string, string> { ["app"] = "a", ["queues"] = "q", [key] = value };
        Error([.. metadata.Select(pair => (pair.Key, pair.Value))]).ShouldContain(expected);
    }

    [Fact]
    public void TryRead_NothingToWakeFor_IsAMistake() => Error(("app", "a")).ShouldContain("'queues' and 'timers' are both empty");

    [Fact]
    public void TryRead_ManyMistakes_AreToldAtOnce()
    {
        var error = Error(("queue", "q"), ("lead", "x"), ("target", "-1"), ("timeZone", "Mars"), ("timers", "A=no"));
        error.ShouldContain("platform/worker has 6 mistake(s)");
        foreach (var part in new[] { "'queue'", "'app'", "'timeZone'", "'timers'", "'lead'", "'target'" })
        {
            error.ShouldContain(part);
        }
    }

    [Fact]
    public void TryRead_HostileText_IsShownShortAndPlain()
    {
        var error = Error(("app", "a"), ("queues", "q"), ("lead", "\n\u001b[31m" + new string('x', 10_000)));
        error.Length.ShouldBeLessThan(1000);
        error.ShouldAllBe(character => !char.IsControl(character));
    }

    [Theory]
    [InlineData("ImageMirror", "ebb-imagemirror")]
    [InlineData("a_b.c", "ebb-a-b-c")]
    public void MetricName_AnyApp_IsValidInAPath(string app, string expected) =>
        References.App(("app", app), ("queues", "q")).MetricName.ShouldBe(expected);

    [Theory]
    [InlineData("0s", 0)]
    [InlineData("90s", 90)]
    [InlineData("1h", 3600)]
    [InlineData("00:00:20", 20)]
    public void Lead_EveryForm_IsRead(string text, int seconds) =>
        References.App(("app", "a"), ("queues", "q"), ("lead", text)).Lead.ShouldBe(TimeSpan.FromSeconds(seconds));

    private static string Error(params (string Key, string Value)[] metadata)
    {
        MetadataReader.TryRead(References.Of(metadata), out _, out var error).ShouldBeFalse();
        return error!;
    }
}
