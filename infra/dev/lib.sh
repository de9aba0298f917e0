# shellcheck shell=bash
# Progress, clean-up and processes: what every ./dev command shares. Sourced by ./dev, which sets $root.

cache=$root/.cache
artifacts=$root/artifacts
work=''
pids=()
leftovers=()

if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then
  bold=$'\e[1m' dim=$'\e[2m' green=$'\e[32m' red=$'\e[31m' plain=$'\e[0m'
else
  bold='' dim='' green='' red='' plain=''
fi

elapsed() { printf '%3d s' "$SECONDS"; }
step() { printf '%s%s%s  %s%s%s\n' "$dim" "$(elapsed)" "$plain" "$bold" "$*" "$plain"; }
say() { printf '       %s\n' "$*"; }
good() { printf '       %sok%s  %s\n' "$green" "$plain" "$*"; }
bad() { printf '       %sFAILED%s  %s\n' "$red" "$plain" "$*"; }

# Stops with one line.
die() {
  printf './dev: %s\n' "$*" >&2
  exit 1
}

# begin <command>: a directory for what this run writes, removed at its end, and the traps.
begin() {
  mkdir -p "$cache/tmp"
  work=$(mktemp -d "$cache/tmp/$1.XXXXXX")
  trap cleanup EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
}

cleanup() {
  local code=$?
  trap '' INT TERM HUP
  trap - EXIT
  stop_all
  stop_compiler
  remove_leftovers
  if [ -n "$work" ]; then rm -rf "$work"; fi
  exit "$code"
}

# Files outside of .cache that a run needs for a moment only.
remove_leftovers() {
  if [ ${#leftovers[@]} -gt 0 ]; then rm -f "${leftovers[@]}"; fi
  leftovers=()
}

# start <log> <command…>: runs it in a process group of its own that cleanup ends; its id is in $started.
start() {
  local log=$1
  shift
  setsid "$@" >"$log" 2>&1 </dev/null &
  started=$!
  pids+=("$started")
}

# stop <pid>: asks the process group to end, insists after ten seconds.
stop() {
  local pid=$1 i
  kill -TERM -- "-$pid" 2>/dev/null || return 0
  for ((i = 0; i < 100; i++)); do
    kill -0 -- "-$pid" 2>/dev/null || break
    sleep 0.1
  done
  kill -KILL -- "-$pid" 2>/dev/null || true
  wait "$pid" 2>/dev/null || true
}

stop_all() {
  local pid
  for pid in "${pids[@]}"; do stop "$pid"; done
  pids=()
  # Work of this shell's own in the background.
  jobs -p | xargs -r kill 2>/dev/null || true
}

# run <command…>: in the foreground, yet interruptible at once.
run() {
  setsid "$@" </dev/null &
  local pid=$! code=0
  pids+=("$pid")
  wait "$pid" || code=$?
  return "$code"
}

# quietly <what> <command…>: shows output only when the command fails; of a compiler's its errors, each once.
quietly() {
  local what=$1 log
  shift
  log=$(mktemp "$work/log.XXXXXX")
  if ! run "$@" >"$log" 2>&1; then
    grep -E '(: | )error ' "$log" | sed 's/ \[[^]]*\]$//' | sort -u | head -n 40 >"$log.errors" || true
    if [ -s "$log.errors" ]; then cat "$log.errors" >&2; else tail -n 60 "$log" >&2; fi
    die "$what failed; its output is above"
  fi
}

# free_port: a TCP port on loopback that nothing listens on, never the same twice in one run.
free_port() {
  local port
  while :; do
    port=$((20000 + RANDOM % 12000))
    [ ! -e "$work/port.$port" ] || continue
    if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
      : >"$work/port.$port"
      echo "$port"
      return
    fi
  done
}

# await <what> <seconds> <command…>: until the command succeeds.
await() {
  local what=$1 until=$((SECONDS + $2))
  shift 2
  until "$@" >/dev/null 2>&1; do
    [ "$SECONDS" -lt "$until" ] || die "$what did not answer in time; see its log above"
    sleep 0.1
  done
}

processors() { nproc 2>/dev/null || echo 2; }
