-- The order in which messages and runs were accepted, and the order of messages in their queue.
create sequence order_numbers;
create sequence document_versions;

-- Runs whose message still exists: waiting, running or poisoned. A message is its run: when it ends, the row moves to runs.
-- place: 0 takeable or leased, 1 delayed, 2 behind its predecessor with the same sequence key, 3 poisoned.
create table messages (
    id uuid not null,
    seq bigint not null,
    position bigint not null,
    queue text collate "C" not null,
    place smallint not null,
    trigger smallint not null,
    dequeue_count integer not null default 0,
    visible_at timestamptz not null,
    lease_until timestamptz,
    lease_token uuid,
    settled_by uuid,
    created_at timestamptz not null,
    started_at timestamptz,
    ended_at timestamptz,
    awaited boolean not null default false,
    function text collate "C",
    instance text collate "C",
    sequence_key text collate "C",
    idempotency_key text collate "C",
    trace_parent text collate "C",
    trace_state text collate "C",
    caller text collate "C",
    error_type text collate "C",
    error_message text collate "C",
    progress text collate "C",
    attempts jsonb,
    result text collate "C",
    body text collate "C" not null,
    primary key (id)
) with (
    fillfactor = 60,
    autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000,
    autovacuum_analyze_scale_factor = 0.1, autovacuum_analyze_threshold = 2000,
    autovacuum_vacuum_cost_delay = 1);

-- A lease changes none of these columns, so that taking and renewing need no new index entries.
create index messages_by_place on messages (queue, place, position);
create index messages_delayed on messages (queue, visible_at) where place = 1;
create index messages_in_sequence on messages (queue, sequence_key, position) where sequence_key is not null and place <> 3;

-- Runs without a message: ended ones, and those of HTTP requests. state: 0 queued, 1 running, 2 succeeded, 3 failed,
-- 4 poisoned, 5 superseded.
create table runs (
    id uuid not null,
    seq bigint not null,
    queue text collate "C",
    state smallint not null,
    trigger smallint not null,
    settled_by uuid,
    created_at timestamptz not null,
    started_at timestamptz,
    ended_at timestamptz,
    awaited boolean not null default false,
    owner bigint,
    superseded_by uuid,
    function text collate "C",
    instance text collate "C",
    sequence_key text collate "C",
    idempotency_key text collate "C",
    trace_parent text collate "C",
    caller text collate "C",
    error_type text collate "C",
    error_message text collate "C",
    progress text collate "C",
    attempts jsonb,
    result text collate "C",
    primary key (id)
) with (
    autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 2000,
    autovacuum_vacuum_insert_scale_factor = 0.2, autovacuum_vacuum_cost_delay = 1);

create index runs_by_age on runs (seq);
create index runs_by_end on runs (ended_at, seq) where ended_at is not null;
create index runs_without_end on runs (owner) where ended_at is null;

create table idempotency_keys (
    queue text collate "C" not null,
    key text collate "C" not null,
    run_id uuid not null,
    primary key (queue, key)
);

create table schedules (
    timer text collate "C" primary key,
    schedule text collate "C" not null,
    last timestamptz,
    next timestamptz not null,
    updated_at timestamptz not null
);

create table documents (
    key text collate "C" primary key,
    value text collate "C" not null,
    version bigint not null,
    updated_at timestamptz not null,
    written_by uuid not null
);
