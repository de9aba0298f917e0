using System.Text.Json.Nodes;

namespace Ebb.TestServers.Registry;

/// <summary>A robot account of the stand-in.</summary>
public sealed record StandInRobot(long Id, string Project, string Name, string Description, string Secret, long Duration, JsonArray Permissions, DateTimeOffset ExpiresAt)
{
    /// <summary>As Harbor shows it: prefix, project, name.</summary>
    public string FullName => $"robot${Project}+{Name}";
}

/// <summary>Harbor's accounts and robots, where a <see cref="FaultyRegistry"/> plays Harbor.</summary>
public sealed class HarborRobotState
{
    private readonly Lock _gate = new();
    private readonly List<StandInRobot> _robots = [];
    private long _ids;

    /// <summary>The account that administers every project.</summary>
    public (string Name, string Password) Admin { get; } = ("robot-maker", "a-password-of-the-stand-in");

    /// <summary>An account that may log in and administers nothing.</summary>
    public (string Name, string Password) Guest { get; } = ("guest", "another-password-of-the-stand-in");

    /// <summary>What robots' lives are counted by.</summary>
    public TimeProvider Clock { get; set; } = TimeProvider.System;

    public IReadOnlyList<StandInRobot> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _robots];
            }
        }
    }

    /// <summary>Makes one by no request; null when the project has one of that name.</summary>
    public StandInRobot? Add(string project, string name, string description, long duration = 30, JsonArray? permissions = null)
    {
        lock (_gate)
        {
            if (_robots.Exists(robot => robot.Project == project && robot.Name == name))
            {
                return null;
            }

            // src/controller/robot/controller.go, Create: the life is counted from now; -1 is for ever.
            var expires = duration < 0 ? DateTimeOffset.MaxValue : Clock.GetUtcNow() + TimeSpan.FromDays(duration);
            var robot = new StandInRobot(++_ids, project, name, description, $"Secret{Guid.NewGuid():N}", duration, permissions ?? [], expires);
            _robots.Add(robot);
            return robot;
        }
    }

    /// <summary>Whether somebody may log in as a robot now: it is there, the secret is its own, and its life is not over.</summary>
    public bool Accepts((string Name, string Secret) login)
    {
        lock (_gate)
        {
            return _robots.Exists(robot => robot.FullName == login.Name && robot.Secret == login.Secret && Clock.GetUtcNow() < robot.ExpiresAt);
        }
    }

    public bool Remove(long id)
    {
        lock (_gate)
        {
            return _robots.RemoveAll(robot => robot.Id == id) > 0;
        }
    }
}
