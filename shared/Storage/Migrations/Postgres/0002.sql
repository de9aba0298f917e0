-- The owner sees and changes every row. Any other role has what `storage migrate --roles` grants it, and of each table the rows of its
-- policies; without a policy none.
alter table messages enable row level security;
alter table runs enable row level security;
alter table idempotency_keys enable row level security;
alter table schedules enable row level security;
alter table documents enable row level security;

-- Who waits for a run says so on its row, which may be another role's. It runs with the owner's rights: names are looked up in this schema
-- and nowhere else, least of all among the caller's temporary tables.
do $do$
begin
    execute format($create$
        create function await_run(run uuid) returns void language sql security definer set search_path = %I, pg_temp as
        $body$
            update messages set awaited = true where id = run and not awaited;
            update runs set awaited = true where id = run and ended_at is null and not awaited;
        $body$
        $create$, current_schema());
end
$do$;
revoke execute on function await_run(uuid) from public;
