using Ebb.Storage;
using Ebb.Worker.Configuration;
using Ebb.Worker.Definitions;
using Ebb.Worker.Invocations;
using Ebb.Worker.Queues;

namespace Ebb.Worker.Tests.Queues;

public sealed class RetryRulesTests
{
    private static readonly InvocationOutcome Failure = InvocationOutcome.Failed(OutcomeKind.Failed, "E", "no");

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(4, 8)]
    public void AfterRun_NoPolicy_DelaysDouble(int attempt, int seconds) =>
        After(new RetryRules(Function(), new HostOptions()), attempt).ShouldBeOfType<Settlement.Retried>().Delay.ShouldBe(TimeSpan.FromSeconds(seconds));

    [Fact]
    public void AfterRun_VisibilityTimeout_IsTheDelay() =>
        After(new RetryRules(Function(), new HostOptions { VisibilityTimeout = TimeSpan.FromSeconds(30) }), 3)
            .ShouldBeOfType<Settlement.Retried>().Delay.ShouldBe(TimeSpan.FromSeconds(30));

    [Fact]
    public void AfterRun_MaxDequeueCount_Poisons() =>
        After(new RetryRules(Function(), new HostOptions()), 5).ShouldBeOfType<Settlement.Poisoned>();

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 4)]
    [InlineData(3, 5)]
    [InlineData(100, 5)]
    public void AfterRun_EndlessPolicy_DelaysUpToItsLongest(int attempt, int seconds)
    {
        var policy = new RetryPolicy(-1, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(5));
        After(new RetryRules(Function(policy), new HostOptions()), attempt).ShouldBeOfType<Settlement.Retried>().Delay.ShouldBe(TimeSpan.FromSeconds(seconds));
    }

    [Theory]
    [InlineData(29)]
    [InlineData(1_000_000)]
    public void AfterRun_LongDelayAndManyAttempts_KeepsTheDelay(int attempt)
    {
        var policy = new RetryPolicy(-1, TimeSpan.FromHours(1), TimeSpan.FromHours(1));
        After(new RetryRules(Function(policy), new HostOptions()), attempt).ShouldBeOfType<Settlement.Retried>().Delay.ShouldBe(TimeSpan.FromHours(1));
    }

    [Fact]
    public void AfterRun_GreatestRetryCount_IsRetried()
    {
        var policy = new RetryPolicy(int.MaxValue, TimeSpan.Zero, TimeSpan.Zero);
        After(new RetryRules(Function(policy), new HostOptions()), 1).ShouldBeOfType<Settlement.Retried>();
    }

    [Fact]
    public void AfterRun_TimerWithoutPolicy_FailsAtOnce() =>
        After(new RetryRules(Timer(), new HostOptions()), 1).ShouldBeOfType<Settlement.Failed>();

    [Fact]
    public void AfterRun_TimerWithPolicy_IsRetriedThenFails()
    {
        var rules = new RetryRules(Timer(new RetryPolicy(1, TimeSpan.Zero, TimeSpan.Zero)), new HostOptions());
        After(rules, 1).ShouldBeOfType<Settlement.Retried>();
        After(rules, 2).ShouldBeOfType<Settlement.Failed>();
    }

    [Fact]
    public void BeforeRun_TimerWhoseProcessDied_RunsAgain() =>
        new RetryRules(Timer(), new HostOptions()).BeforeRun(Message(2)).ShouldBeNull();

    [Fact]
    public void AfterRun_Cancelled_IsHandedBack() => new RetryRules(Function(), new HostOptions())
        .AfterRun(Message(5), InvocationOutcome.Failed(OutcomeKind.Cancelled, "Cancelled", "stop")).ShouldBeOfType<Settlement.Released>();

    [Fact]
    public void AfterRun_Postponed_IsHandedBackForLater() => new RetryRules(Function(), new HostOptions())
        .AfterRun(Message(5), InvocationOutcome.Postponed(TimeSpan.FromSeconds(7))).ShouldBe(new Settlement.Released(TimeSpan.FromSeconds(7)));

    internal static HostedFunction Function(RetryPolicy? retry = null) => new()
    {
        App = "Test",
        Queue = "q",
        Retry = retry,
        Definition = Define(new QueueTriggerDefinition("q")),
    };

    internal static HostedFunction Timer(RetryPolicy? retry = null) =>
        Function(retry) with { Definition = Define(new TimerTriggerDefinition("0 0 3 * * *", true, false)) };

    private static IndexedFunction Define(TriggerDefinition trigger) => new("F", "Test.F", trigger, static _ => default);

    private static Settlement After(RetryRules rules, int attempt) => rules.AfterRun(Message(attempt), Failure);

    private static LeasedMessage Message(int attempt) => new()
    {
        RunId = RunId.New(TimeProvider.System),
        Queue = "q",
        Body = "{}",
        DequeueCount = attempt,
        LeaseToken = Guid.NewGuid(),
        LeaseExpiresAt = DateTimeOffset.MaxValue,
        EnqueuedAt = DateTimeOffset.MinValue,
        Trigger = TriggerKind.Queue,
    };
}
