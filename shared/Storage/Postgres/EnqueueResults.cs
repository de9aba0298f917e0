using Npgsql;

namespace Ebb.Storage.Postgres;

/// <summary>Which run each accepted request became.</summary>
internal static class EnqueueResults
{
    public static async Task<IReadOnlyList<EnqueueResult>> ReadAsync(
        NpgsqlDataReader reader, IReadOnlyList<(RunId Id, EnqueueRequest Request)> items, CancellationToken cancellationToken)
    {
        var owners = new Dictionary<(string, string), Guid>();
        do
        {
            while (reader.FieldCount == 3 && await reader.ReadAsync(cancellationToken))
                owners[(reader.GetString(0), reader.GetString(1))] = reader.GetGuid(2);
        }
        while (await reader.NextResultAsync(cancellationToken));
        return [.. items.Select(item =>
        {
            var run = item.Request.IdempotencyKey is { } key ? new RunId(owners[(item.Request.Queue, key)]) : item.Id;
            return new EnqueueResult(run, run == item.Id);
        })];
    }
}
