# shellcheck shell=bash
# What stands in for a cluster on this machine: PostgreSQL, the scaler, the simulated KEDA with processes for pods.

scaler=$artifacts/bin/Scaler/release/Ebb.Scaler
simulated_keda=$artifacts/bin/SimulatedKeda/release/Ebb.SimulatedKeda
webhooks=$artifacts/bin/Webhooks/release/Ebb.Webhooks
image_mirror=$artifacts/bin/ImageMirror/release/Ebb.ImageMirror

build_cluster() {
  step "building the scaler and the simulated KEDA"
  build "the build" build keda/Scaler -c Release
  build "the build" build tests/SimulatedKeda -c Release
  stop_compiler
}

build_native_apps() {
  step "building native binaries"
  need_linker
  publish_native keda/Scaler
  publish_native functions/Webhooks
  publish_native functions/ImageMirror
  stop_compiler
  scaler=$artifacts/native/publish/Scaler/release/Ebb.Scaler
  webhooks=$artifacts/native/publish/Webhooks/release/Ebb.Webhooks
  image_mirror=$artifacts/native/publish/ImageMirror/release/Ebb.ImageMirror
}

# start_postgres: a server of its own; sets $storage and $postgres_port. Its files lie outside of the checkout, which the
# server's user may not be allowed to enter: PostgreSQL does not run as root.
start_postgres() {
  local data as=()
  step "starting PostgreSQL"
  data=$(mktemp -d)
  leftovers+=("$data")
  if [ "$(id -u)" -eq 0 ]; then
    as=(setpriv --reuid=postgres --regid=postgres --init-groups)
    chown postgres: "$data"
  fi
  postgres_port=$(free_port)
  quietly initdb "${as[@]}" "$EBB_POSTGRES_BIN/initdb" -D "$data/db" -U postgres --auth trust -E UTF8 --no-locale --no-sync
  start "$work/postgres.log" "${as[@]}" "$EBB_POSTGRES_BIN/postgres" -D "$data/db" \
    -c listen_addresses=127.0.0.1 -c "port=$postgres_port" -c unix_socket_directories= -c dynamic_shared_memory_type=mmap
  await PostgreSQL 60 "$EBB_POSTGRES_BIN/pg_isready" -q -h 127.0.0.1 -p "$postgres_port"
  storage="postgres://postgres@127.0.0.1:$postgres_port/postgres?sslmode=disable&pool=5"
}

query() { "$EBB_POSTGRES_BIN/psql" -h 127.0.0.1 -p "$postgres_port" -U postgres -X -q -A -t -v ON_ERROR_STOP=1 -c "$1"; }

# start_scaler: sets $scaler_address and $scaler_pid.
start_scaler() {
  local metrics
  step "starting the scaler"
  scaler_address=127.0.0.1:$(free_port)
  metrics=127.0.0.1:$(free_port)
  scaler_metrics=http://$metrics
  start "$work/scaler.log" env "Storage=$storage" "Scaler__GrpcUrl=http://$scaler_address" "Scaler__MetricsUrl=http://$metrics" "$scaler"
  scaler_pid=$started
  await "the scaler" 60 curl -sf "$scaler_metrics/healthz/ready"
}

# start_keda <factor> <cluster.json> <folder with ScaledObjects>: its decisions go to $work/keda.log, one JSON object a line.
start_keda() {
  step "starting the simulated KEDA: the intervals of KEDA 2.20 and of the manifests, divided by $1"
  start "$work/keda.log" "$simulated_keda" --cluster "$2" --scaled-objects "$3" --faster "$1" --logs "$work/pods" --json
}

# decisions <jq filter>: what KEDA and the cluster decided so far, filtered.
decisions() { jq -rR "fromjson? | $1" "$work/keda.log"; }

replicas_of() { decisions "select(.deployment == \"$1\" and .kind == \"scaled\") | .to" | tail -n 1 | grep . || echo 0; }

# running_pods <deployment>: process ids, one a line.
running_pods() {
  decisions "select(.deployment == \"$1\" and .kind == \"pod\") | .why" |
    awk '/ started, process / { pid[$1] = $NF } / ended with code / { delete pid[$1] } END { for (pod in pid) print pid[pod] }'
}

at_zero() { [ "$(replicas_of "$1")" = 0 ] && [ -z "$(running_pods "$1")" ]; }
at_one() { [ "$(replicas_of "$1")" -ge 1 ]; }
ready_after() { decisions "select(.deployment == \"$1\" and .time > \"$2\" and (.why | test(\" ready after \"))) | .time" | grep -q .; }

# usage <pid>: the memory it holds now and held at its peak, and the processor time it took while it lived.
usage() {
  awk -v "processor=$(awk -v "tick=$(getconf CLK_TCK)" '{ print ($14 + $15) / tick }' "/proc/$1/stat")" -v "age=$(ps -o etimes= -p "$1")" '
    /VmRSS/ { now = $2 } /VmHWM/ { peak = $2 }
    END { printf "%d MB, %d MB at its peak, %.2f s of a processor in %d s", now / 1024, peak / 1024, processor, age }' "/proc/$1/status"
}
