# shellcheck shell=bash
# ./dev demo --cluster-like: the demo with each app a process of its own, the store in PostgreSQL, and the worker at zero
# until the simulated KEDA, which follows the ScaledObject, starts it. With --native the apps are the binaries of their images.

demo_cluster() {
  demo_failed=0
  build_ebb
  build_cluster
  if [ -n "$1" ]; then build_native_apps; fi
  demo_images

  demo_registries
  start_postgres
  start_scaler
  demo_cluster_start
  demo_cluster_idle "registered its timer; that done, it goes"
  demo_cluster_run
  demo_verify
  demo_cluster_idle "has nothing to do"
  demo_cluster_timer
  demo_cluster_idle "has nothing to do"
  demo_cluster_usage

  echo
  if [ "$demo_failed" -ne 0 ]; then
    demo_cluster_logs >&2
    say "${red}The demo failed${plain} after $SECONDS s; the reasons are above."
    return 1
  fi
  say "${green}${bold}Everything held.${plain} $SECONDS s in all."
}

demo_cluster_logs() {
  decisions '"\(.time) \(.deployment) \(.kind) \(.from // "")\(if .to then "->\(.to)" else "" end) \(.why)"' | tail -n 40
  tail -n 20 "$work"/pods/*.log "$work/scaler.log"
}

demo_cluster_start() {
  make_secrets "$work/secrets"
  (umask 077 && printf '%s' "$target_password" >"$work/secrets/registry-password")
  demo_list >"$work/images.yaml"
  mkdir -p "$work/docker" "$work/scaled-objects"
  jq -n --arg host "$ours" --arg auth "$(printf '%s:%s' "$target_user" "$target_password" | base64 -w 0)" \
    '{auths: {($host): {auth: $auth}}}' >"$work/docker/config.json"
  demo_cluster_json >"$work/cluster.json"
  demo_scaled_object >"$work/scaled-objects/image-mirror.yaml"
  step "the ScaledObject, with this machine's addresses"
  sed -n '/^spec:/,$p' "$work/scaled-objects/image-mirror.yaml" | sed 's/^/       | /'
  start_keda 10 "$work/cluster.json" "$work/scaled-objects"
  await "webhooks" 60 curl -sf -o /dev/null "$ebb_url/healthz/ready"
  say "the door: $ebb_url, a Deployment with one replica; it holds no registry's password and no signing key"
  await "the worker's first pod, which registers its timer," 90 ready_after image-mirror 0
}

# Deployments as processes: each with its own settings and no others.
demo_cluster_json() {
  local door
  door=$(free_port)
  ebb_url=http://127.0.0.1:$door
  jq -n --arg webhooks "$webhooks" --arg mirror "$image_mirror" --arg storage "$storage" --arg work "$work" --arg door "$ebb_url" \
    --arg ours "$ours" --arg user "$target_user" '
    {deployments: {
      "webhooks": {
        command: [$webhooks, "start", "--urls", $door],
        environment: {Storage: $storage, FunctionKeys__Directory: "\($work)/secrets/function-keys"},
        replicas: 1, terminationGracePeriodSeconds: 30},
      "image-mirror": {
        command: [$mirror, "start", "--urls", "http://127.0.0.1:{port}"],
        environment: {
          Storage: $storage, FunctionKeys__Directory: "\($work)/none",
          ImageMirror__ImagesFile: "\($work)/images.yaml", ImageMirror__Schedule: "0 0 1 * * *",
          Signing__Key: "\($work)/secrets/cosign.key", Signing__PasswordFile: "\($work)/secrets/signing-password",
          Registries__0__Host: $ours, Registries__0__Username: $user, Registries__0__PasswordFile: "\($work)/secrets/registry-password"},
        readiness: "/healthz/ready", replicas: 0, terminationGracePeriodSeconds: 30}}}'
}

# The generated ScaledObject; only the scaler's address and the lead are this machine's.
demo_scaled_object() {
  sed -E -e "s#^( *scalerAddress: ).*#\\1$scaler_address#" -e '/^ *enableTLS: /d' -e '/^ *authenticationRef:/,/^ *name: /d' \
    -e 's/^( *lead: ).*/\1"5s"/' keda/generated/image-mirror/scaled-object.yaml
}

demo_cluster_idle() {
  step "waiting until image-mirror is at zero: it $1"
  await "the worker's end" 120 at_zero image-mirror
  good "image-mirror has no replica and no process"
}

# milliseconds <ISO time>
milliseconds() { date -d "$1" +%s%3N; }

# line <what> <milliseconds since the epoch>: relative to $zero.
line() { say "$(printf '%+9.3f s  %s' "$(awk "BEGIN { print ($2 - $zero) / 1000 }")" "$1")"; }

demo_cluster_run() {
  local asked pushed scaled ready
  step "asking for the mirror over HTTP, with no worker there"
  asked=$(date -u +%Y-%m-%dT%H:%M:%S.%N)
  mirror_and_follow
  if ready_after image-mirror "$asked"; then good "the worker came up for it"; else fail "no worker came up for the request"; return 0; fi
  zero=$(milliseconds "$(jq -r .createdAt "$work/run.json")")
  pushed=$(decisions "select(.time > \"$asked\" and .kind == \"push\") | .time" | head -n 1)
  scaled=$(decisions "select(.time > \"$asked\" and .deployment == \"image-mirror\" and .from == 0) | .time" | head -n 1)
  ready=$(decisions "select(.time > \"$asked\" and (.why | test(\" ready after \"))) | .time" | head -n 1)
  line "message durable, 202 at the door" "$zero"
  if [ -n "$pushed" ]; then line "the scaler pushed \"active\" to KEDA" "$(milliseconds "$pushed")"; else fail "no push arrived"; fi
  line "replicas 0 to 1" "$(milliseconds "$scaled")"
  line "run started" "$(milliseconds "$(jq -r .startedAt "$work/run.json")")"
  line "pod ready" "$(milliseconds "$ready")"
  line "run ended" "$(milliseconds "$(jq -r .endedAt "$work/run.json")")"
  show_report
  usage_at_work=$(running_pods image-mirror | while IFS= read -r pid; do usage "$pid"; done)
}

# The stored next occurrence is brought forward, so that nobody has to wait until one o'clock.
demo_cluster_timer() {
  local due since run
  step "a timer at zero: MirrorOnSchedule, its next occurrence brought forward to 20 s from now"
  since=$(date -u +%Y-%m-%dT%H:%M:%S.%N)
  due=$(query "update ebb.schedules set next = date_trunc('second', now()) + interval '20 seconds' where timer = 'MirrorOnSchedule'
    returning to_char(next at time zone 'utc', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')")
  [ -n "$due" ] || { fail "the worker did not register its timer"; return 0; }
  zero=$(milliseconds "$due")
  await "the pod for the timer" 90 ready_after image-mirror "$since"
  await "the timer's run" 90 timer_ran "$since"
  run=$(timer_runs "$since")
  line "replicas 0 to 1" "$(milliseconds "$(decisions "select(.time > \"$since\" and .deployment == \"image-mirror\" and .from == 0) | .time" | head -n 1)")"
  line "pod ready" "$(milliseconds "$(decisions "select(.time > \"$since\" and (.why | test(\" ready after \"))) | .time" | head -n 1)")"
  line "due" "$zero"
  line "run started" "$(milliseconds "$(jq -r '.[0].startedAt' <<<"$run")")"
  line "run ended $(jq -r '.[0].state' <<<"$run")" "$(milliseconds "$(jq -r '.[0].endedAt' <<<"$run")")"
  if [ "$(jq 'length' <<<"$run")" = 1 ] && [ "$(jq -r '.[0].state' <<<"$run")" = succeeded ]; then good "it ran once"; else fail "the timer's runs: $run"; fi
}

timer_runs() { api "/api/runs?function=MirrorOnSchedule" | jq -c --arg since "$1" '[(.runs? // .)[] | select(.createdAt > $since)]'; }
timer_ran() { timer_runs "$1" | jq -e '.[0].endedAt != null'; }

demo_cluster_usage() {
  step "memory and processor time"
  say "webhooks      $(running_pods webhooks | while IFS= read -r pid; do usage "$pid"; done)"
  say "scaler        $(usage "$scaler_pid")"
  say "image-mirror  $usage_at_work, after its run; none now"
}
