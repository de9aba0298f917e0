# shellcheck shell=bash
# A new tag brought through Vault and External Secrets to running pods, the same again, and back; Vault and the cluster are stand-ins.

simulated_platform=$artifacts/bin/SimulatedPlatform/release/Ebb.SimulatedPlatform

# demo_bumps: needs build_ebb to have run; starts a platform and an ebb of its own.
demo_bumps() {
  local control vault
  step "secret bumps: a Vault, and a cluster with External Secrets, all simulated"
  [ -x "$simulated_platform" ] || {
    build "the build" build tests/SimulatedPlatform -c Release
    stop_compiler
  }
  mkdir -p "$work/bumps"
  start "$work/bumps-platform.log" "$simulated_platform" --directory "$work/bumps" --secret "$(random_word)"
  await "the simulated platform" 60 test -e "$work/bumps/platform.json"
  control=$(jq -er .control "$work/bumps/platform.json")
  vault=$(jq -er .vault "$work/bumps/platform.json")
  make_secrets "$work/secrets"
  start_ebb "$work/secrets" "$work/bumps/storage" "$work/images.yaml" \
    "Vault__Address=$vault" "Vault__TokenFile=$work/bumps/vault-token" \
    "Kubernetes__KubeConfig=$work/bumps/kubeconfig" "SecretBump__Namespace={application}-{environment}" "SecretBump__RefreshSchedule=0 0 0 1 1 *"
  bump_show

  step "a pipeline asks for 1.4.0 and waits for the outcome"
  bump_post bump '{"application":"shop","new_tag":"1.4.0","environments":["dev"],"build":"41","commit":"0badcafe"}' 200 changed
  jq -r '.result.environments[].steps[] | "       \(.at[11:23])  \(.name): \(.detail)"' "$work/bump.json"
  bump_show

  step "the same again"
  local before after
  before=$(curl -s "$control/vault-requests")
  bump_post bump '{"application":"shop","new_tag":"1.4.0","environments":["dev"],"build":"41"}' 200 unchanged
  after=$(curl -s "$control/vault-requests")
  if [ $((after - before)) -eq 1 ]; then good "one request to Vault, a read; nothing was written or restarted"; else fail "it took $((after - before)) requests to Vault"; fi

  step "an application that does not exist, and a tag that is none"
  bump_post bump '{"application":"nothing","new_tag":"1.4.0"}' 404
  bump_post bump '{"application":"../sys","new_tag":"1/4"}' 400

  step "back to 1.3.0, pinned; then a late bump"
  bump_post rollback '{"application":"shop","environment":"dev","to":"1.3.0","reason":"checkout is broken"}' 200 changed
  bump_show
  bump_post bump '{"application":"shop","new_tag":"1.5.0","environments":["dev"],"build":"42"}' 409
  say "$(jq -r '.error.message' "$work/bump.json" | tail -n 1)"
  step "the versions that can be deployed"
  api "/api/apps/shop/dev/versions?refresh=true&wait=30s" |
    jq -r '.versions[] | [.version, .tag, (.change // "-"), (.by // "-"), (.build // "-"), (if .current then "current" else "" end)] | @tsv' | column -t -s $'\t' | sed 's/^/       /'
}

bump_show() { curl -s "$control/secrets" | sed 's/^/       | /'; echo; }

# bump_post <change> <body> <status> [outcome]: the answer is left in $work/bump.json.
bump_post() {
  local status outcome
  status=$(api "/api/secrets/$1?wait=60s" -X POST -d "$2" -o "$work/bump.json" -w '%{http_code}')
  outcome=$(jq -r '.result.outcome // .detail // .error.message // ""' "$work/bump.json" | head -n 1)
  if [ "$status" = "$3" ] && [ "${4:-$outcome}" = "$outcome" ]; then good "POST /api/secrets/$1 -> $status $outcome"; else
    fail "POST /api/secrets/$1 -> $status $outcome, not $3 ${4:-}"
  fi
}
