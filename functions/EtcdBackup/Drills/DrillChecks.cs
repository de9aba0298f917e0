using Ebb.Contracts.Etcd;

namespace Ebb.EtcdBackup.Drills;

/// <summary>The checks of one drill, in order.</summary>
internal sealed class DrillChecks
{
    private readonly List<DrillCheck> _all = [];

    public IReadOnlyList<DrillCheck> All => _all;

    public bool HasFailed => _all.Any(check => check.Result == DrillResult.Failed);

    public void Pass(string name, string detail) => _all.Add(new DrillCheck(name, DrillResult.Passed, detail));

    public void Fail(string name, string detail) => _all.Add(new DrillCheck(name, DrillResult.Failed, detail));

    public void Skip(string name, string detail) => _all.Add(new DrillCheck(name, DrillResult.Skipped, detail));

    /// <summary>Adds to what a check found; nothing where it was not made.</summary>
    public void Remark(string name, string remark)
    {
        if (_all.FindIndex(check => check.Name == name) is var at and >= 0)
        {
            _all[at] = _all[at] with { Detail = $"{_all[at].Detail.TrimEnd('.')}. {remark}" };
        }
    }
}
