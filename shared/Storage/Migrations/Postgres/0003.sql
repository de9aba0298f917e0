-- Whether a message was handed back to wait for something else, and not for its turn or its next try.
alter table messages add column postponed boolean not null default false;

-- Moves up the next message of each sequence, when none that is not poisoned stands before it. Postponed ones before the first that is not go to
-- the end when that one can run sooner. Whoever accepts or ends messages calls this, holding the sequences' locks; who only sends has no
-- other right to change a row. What it does is right at any time. It runs with the owner's rights: see await_run.
do $do$
begin
    execute format($create$
        create function advance(queues text[], keys text[], moment timestamptz) returns table (advanced text, due timestamptz)
        language plpgsql security definer set search_path = %I, pg_temp as
        $body$
        begin
            update messages m set place = 2, position = nextval('order_numbers')
            from (
                select k.queue, k.key, f.position, f.visible_at
                from (select distinct u.queue, u.key from unnest(queues, keys) u(queue, key)) k,
                    lateral (
                        select n.position, n.visible_at from messages n
                        where n.queue = k.queue and n.sequence_key = k.key and n.place <> 3 and not n.postponed
                        order by n.position limit 1) f
            ) first
            where m.queue = first.queue and m.sequence_key = first.key and m.position < first.position
              and m.place in (1, 2) and m.postponed and m.visible_at > first.visible_at;
            return query update messages m set place = case when m.visible_at > moment then 1 else 0 end
            from (
                select (
                    select h.id from messages h where h.queue = k.queue and h.sequence_key = k.key and h.place <> 3 order by h.position limit 1) as head
                from unnest(queues, keys) k(queue, key)
            ) k
            where m.id = k.head and m.place = 2
            returning m.queue, m.visible_at;
        end
        $body$
        $create$, current_schema());
end
$do$;
revoke execute on function advance(text[], text[], timestamptz) from public;
