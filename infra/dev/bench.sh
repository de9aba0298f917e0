# shellcheck shell=bash
# ./dev bench [--smoke] [name…]: figures as tables for tests/Benchmarks/README.md; with --smoke only whether each runs.

benchmarks=(mirror startup embedded-queue postgres-queue rabbitmq scaler-push etcd webhooks)

dev_bench() {
  local argument name names=()
  smoke=''
  for argument in "$@"; do
    if [ "$argument" = --smoke ]; then smoke=yes; else names+=("$argument"); fi
  done
  [ ${#names[@]} -gt 0 ] || names=("${benchmarks[@]}")
  for name in "${names[@]}"; do
    case " ${benchmarks[*]} " in
      *" $name "*) ;;
      *) die "there is no benchmark \"$name\"; there are: ${benchmarks[*]}" ;;
    esac
  done
  need_dotnet
  need curl jq skopeo time:/usr/bin/time
  need_registry
  local part
  for part in registry layout bench-images ebb; do
    # shellcheck source=/dev/null
    source "infra/dev/$part.sh"
  done

  export EBB_BENCH_ARTIFACTS=$artifacts EBB_BENCH_SCRATCH=$work
  local flavour=release
  if [ -n "$smoke" ]; then
    flavour=debug
    export EBB_BENCH_SMOKE=1
    step "building"
    build "the build" build Functions.sln
  else
    step "building for release"
    build "the build" build tests/Benchmarks -c Release
  fi
  for name in "${names[@]}"; do
    case $name in
      mirror) bench_mirror ;;
      startup) bench_startup ;;
      embedded-queue) ;;
      postgres-queue) bench_postgres_queue ;;
      rabbitmq) need_rabbitmq ;;
      scaler-push) bench_scaler ;;
      etcd) bench_etcd ;;
      webhooks) [ -n "$smoke" ] || build "the build of the door" build functions/Webhooks -c Release ;;
    esac
    stop_compiler
    if [ -n "$smoke" ]; then
      quietly "the benchmark \"$name\"" "$artifacts/bin/Benchmarks/$flavour/Ebb.Benchmarks" "$name"
      good "$name runs"
    else
      step "measuring: $name"
      run "$artifacts/bin/Benchmarks/$flavour/Ebb.Benchmarks" "$name" || die "the benchmark \"$name\" failed; its output is above"
    fi
  done
}

bench_mirror() {
  build_release functions/AllInOne
  if [ -n "$smoke" ]; then ebb=$artifacts/bin/AllInOne/debug/ebb; else ebb=$artifacts/native/publish/AllInOne/release/ebb; fi
  unpack sid crane usr/bin/crane crane
  crane version >/dev/null || die "crane of Debian unstable does not run here any more: put another one on PATH"
  bench_images
  make_secrets "$work/secrets"
  export EBB_BENCH_SOURCE=$bench_storage EBB_BENCH_KEY=$work/secrets/cosign.key EBB_BENCH_PASSWORD_FILE=$work/secrets/signing-password
}

bench_scaler() {
  need_postgres
  build_release keda/Scaler
}

bench_etcd() {
  need age rclone
  need_etcd
  need_s3rver
  build_release functions/EtcdBackup
  age-keygen -o "$work/bench-identity.txt" 2>/dev/null
  EBB_BENCH_RECIPIENT=$(age-keygen -y "$work/bench-identity.txt")
  export EBB_BENCH_RECIPIENT
}

bench_startup() {
  local app
  [ -z "$smoke" ] || return 0
  for app in tests/Benchmarks/BareSlimHost functions/{ImageMirror,AllInOne}; do build_release "$app"; done
  for app in Webhooks EtcdBackup PrPreview SecretBump; do
    step "building $app, native"
    publish_native "functions/$app"
  done
}

# build_release <project folder>: just in time and native; nothing for smoke, which uses the debug build.
build_release() {
  [ -z "$smoke" ] || return 0
  step "building $(basename "$1"), just in time and native"
  build "the build of $1" publish "$1" -c Release -r "$(runtime_identifier)"
  need_linker
  publish_native "$1"
}

# The peers, as their makers publish them; a lock file of npm's own keeps what was installed once.
bench_postgres_queue() {
  local peers=$cache/bench-peers data port
  need_postgres
  need nodejs:node npm
  [ "$(node --version | sed -E 's/^v([0-9]+).*/\1/')" -ge 20 ] ||
    die "pg-boss needs Node.js 20 or newer, this is $(node --version): install one from https://nodejs.org"
  if [ ! -e "$peers/node_modules/pg-boss" ]; then
    step "installing graphile-worker and pg-boss into ${peers#"$root/"}"
    mkdir -p "$peers"
    quietly "npm install" npm install --prefix "$peers" --no-save --ignore-scripts --no-audit --no-fund \
      graphile-worker@0.17.2 pg-boss@10.4.2 pg@8.16.3
  fi
  cp tests/Benchmarks/PostgresQueue/*.mjs "$peers/"

  step "starting PostgreSQL with fsync and synchronous_commit on"
  port=$(free_port)
  # Where another user can read.
  data=$(mktemp -d /tmp/ebb-postgres.XXXXXX)
  leftovers+=("$data")
  as_postgres=()
  if [ "$(id -u)" -eq 0 ]; then
    # The server refuses to be root.
    as_postgres=(setpriv --reuid=postgres --regid=postgres --init-groups)
    chown postgres "$data"
  fi
  quietly "initdb" "${as_postgres[@]}" "$EBB_POSTGRES_BIN/initdb" -D "$data/data" -A trust -U bench
  start "$work/postgres.log" "${as_postgres[@]}" "$EBB_POSTGRES_BIN/postgres" -D "$data/data" -p "$port" -k "$data" \
    -c listen_addresses=127.0.0.1 -c max_connections=400 -c fsync=on -c synchronous_commit=on
  await "PostgreSQL on port $port" 60 "$EBB_POSTGRES_BIN/psql" -h 127.0.0.1 -p "$port" -U bench -d postgres -c 'create database bench'
  export EBB_BENCH_POSTGRES_URL=postgres://bench@127.0.0.1:$port/bench EBB_BENCH_PEERS=$peers
}
