using Ebb.PrPreview.Settings;

namespace Ebb.PrPreview.State;

/// <summary>Who has a place, and who waits for one, first come first. Pure: <see cref="PlaceBook"/> stores it.</summary>
internal sealed record Places
{
    /// <summary>After how long without a look one that waits is taken to have gone.</summary>
    private static readonly TimeSpan Forgotten = TimeSpan.FromMinutes(10);

    /// <summary>How often a look is noted: notes are writes.</summary>
    private static readonly TimeSpan Noted = TimeSpan.FromMinutes(2);

    /// <summary>The previews that have one, with their repositories.</summary>
    public IReadOnlyDictionary<string, string> Taken { get; init; } = new Dictionary<string, string>();

    /// <summary>Those that wait, in their order.</summary>
    public IReadOnlyList<WaitingPreview> Waiting { get; init; } = [];

    /// <summary>Takes a place, or joins the line. The same instance comes back when nothing is to be stored.</summary>
    /// <param name="name">The preview.</param>
    /// <param name="repository">What its repository is counted by.</param>
    /// <param name="limits">The limits.</param>
    /// <param name="now">The time.</param>
    public Places Ask(string name, string repository, PreviewLimits limits, DateTimeOffset now)
    {
        if (Taken.ContainsKey(name))
        {
            return this;
        }

        var line = Waiting.Where(one => one.Name == name || one.SeenAt + Forgotten > now).ToList();
        if (line.TrueForAll(one => one.Name != name))
        {
            line.Add(new WaitingPreview(name, repository, now));
        }

        if (Admitted(line, limits).Contains(name))
        {
            return new Places
            {
                Taken = new Dictionary<string, string>(Taken) { [name] = repository },
                Waiting = [.. line.Where(one => one.Name != name)],
            };
        }

        var changed = line.Count != Waiting.Count || Waiting.First(one => one.Name == name).SeenAt + Noted < now;
        return changed ? this with { Waiting = [.. line.Select(one => one.Name == name ? one with { SeenAt = now } : one)] } : this;
    }

    /// <summary>Gives a place, or one in the line, up. The same instance comes back when there was none.</summary>
    public Places Leave(string name) => !Taken.ContainsKey(name) && Waiting.All(one => one.Name != name) ? this : new Places
    {
        Taken = Taken.Where(one => one.Key != name).ToDictionary(),
        Waiting = [.. Waiting.Where(one => one.Name != name)],
    };

    /// <summary>Those of the line for whom there is a place: one whose repository has too many lets the next one pass.</summary>
    private HashSet<string> Admitted(List<WaitingPreview> line, PreviewLimits limits)
    {
        var left = limits.MaxTotal - Taken.Count;
        var used = Taken.Values.CountBy(repository => repository).ToDictionary();
        var admitted = new HashSet<string>(StringComparer.Ordinal);
        foreach (var one in line.TakeWhile(_ => left > 0))
        {
            var count = used.GetValueOrDefault(one.Repository);
            if (count < limits.MaxPerRepository)
            {
                used[one.Repository] = count + 1;
                admitted.Add(one.Name);
                left--;
            }
        }

        return admitted;
    }
}

/// <summary>One that waits for a place.</summary>
internal sealed record WaitingPreview(string Name, string Repository, DateTimeOffset SeenAt);
