-- Moments are UTC text of one width (2026-12-01T05:50:12.1234567Z), so that they sort and people can read them; spans are in 100 ns.

-- Runs whose message still exists: waiting, running or poisoned. A message is its run: when it ends, the row moves to runs.
-- place: 0 takeable, 1 delayed, 2 behind its predecessor with the same sequence key, 3 poisoned, 4 leased.
-- due: when it becomes takeable or its lease lapses, on the clock of the process that has the store open; 0 when it waits for no time.
create table messages (
    seq integer primary key,
    id text not null unique,
    position integer not null,
    queue text not null,
    place integer not null,
    trigger integer not null,
    dequeue_count integer not null default 0,
    postponed integer not null default 0,
    due integer not null,
    delay integer not null,
    visible_at text not null,
    lease_until text,
    lease_token text,
    created_at text not null,
    started_at text,
    ended_at text,
    function text,
    instance text,
    sequence_key text,
    idempotency_key text,
    trace_parent text,
    trace_state text,
    caller text,
    error_type text,
    error_message text,
    progress text,
    attempts text,
    result text,
    body text not null
) strict;

create index messages_by_place on messages (queue, place, position);
create index messages_by_due on messages (due, place) where due > 0;
create index messages_in_sequence on messages (queue, sequence_key, position) where sequence_key is not null and place <> 3;
create index messages_by_key on messages (queue, idempotency_key) where idempotency_key is not null;
create index messages_by_function on messages (function, place) where function is not null;

-- Runs without a message: ended ones, and those of HTTP requests. state: 1 running, 2 succeeded, 3 failed, 5 superseded.
create table runs (
    seq integer primary key,
    id text not null unique,
    state integer not null,
    trigger integer not null,
    queue text,
    created_at text not null,
    started_at text,
    ended_at text,
    superseded_by text,
    function text,
    instance text,
    sequence_key text,
    idempotency_key text,
    trace_parent text,
    caller text,
    error_type text,
    error_message text,
    progress text,
    attempts text,
    result text
) strict;

create index runs_by_end on runs (ended_at, seq) where ended_at is not null;
create index runs_without_end on runs (seq) where ended_at is null;
create index runs_by_state on runs (state, seq);
create index runs_by_function on runs (function, state, seq) where function is not null;
create index runs_by_key on runs (queue, idempotency_key) where idempotency_key is not null;

-- How many rows of runs there are of each kind, and which ended last: counted along, since to count a million takes a while.
create table run_counts (
    function text not null,
    state integer not null,
    count integer not null,
    last_ended_at text,
    last_seq integer not null,
    primary key (function, state)
) strict, without rowid;

create trigger runs_added after insert on runs begin
    insert into run_counts (function, state, count, last_ended_at, last_seq)
    values (coalesce(new.function, ''), new.state, 1, new.ended_at, new.seq)
    on conflict do update set
        count = count + 1,
        last_seq = case when last_ended_at > excluded.last_ended_at then last_seq else excluded.last_seq end,
        last_ended_at = max(coalesce(last_ended_at, ''), excluded.last_ended_at);
end;

create trigger runs_deleted after delete on runs begin
    update run_counts set count = count - 1 where function = coalesce(old.function, '') and state = old.state;
    delete from run_counts where function = coalesce(old.function, '') and state = old.state and count = 0;
end;

create table schedules (
    timer text primary key,
    schedule text not null,
    last text,
    next text not null,
    updated_at text not null
) strict, without rowid;

-- A version is never used again, whatever is deleted.
create table documents (
    version integer primary key autoincrement,
    key text not null unique,
    value text not null,
    updated_at text not null
) strict;

-- Journals of earlier programs whose content is here.
create table imports (
    journal text primary key,
    imported_at text not null
) strict;
