# shellcheck shell=bash
# A preview created, updated and removed by signed webhooks over HTTP; cluster, Argo CD, Git host and registry are stand-ins.

simulated_platform=$artifacts/bin/SimulatedPlatform/release/Ebb.SimulatedPlatform
preview_first=1111111111111111111111111111111111111111
preview_second=2222222222222222222222222222222222222222

# demo_previews: needs build_ebb to have run; starts an ebb of its own.
demo_previews() {
  local secret
  step "previews: a cluster with Argo CD, a Gitea and a registry, all simulated"
  build "the build" build tests/SimulatedPlatform -c Release
  stop_compiler
  mkdir -p "$work/previews/hooks"
  secret=$(random_word)
  (umask 077 && printf '%s' "$secret" >"$work/previews/hooks/gitea.current")
  start "$work/platform.log" "$simulated_platform" --directory "$work/previews" --secret "$secret"
  await "the simulated platform" 60 test -e "$work/previews/platform.json"
  preview_ebb

  preview_open
  preview_push
  preview_close
}

preview_address() { jq -er ".$1" "$work/previews/platform.json"; }

preview_ebb() {
  control=$(preview_address control)
  make_secrets "$work/secrets"
  start_ebb "$work/secrets" "$work/previews/storage" "$work/images.yaml" \
    "Git__WebhookSecrets=$work/previews/hooks" "Git__Hooks__gitea__Host=gitea" \
    "Git__Hosts__gitea__Address=$(preview_address git)" "Git__Hosts__gitea__TokenFile=$work/previews/git-token" \
    "Kubernetes__KubeConfig=$work/previews/kubeconfig" \
    "PrPreview__Domain=preview.example.com" "PrPreview__Image=$(preview_address registry)/{owner}/{app}" \
    "PrPreview__ChartRepository=harbor.example.com/charts" "PrPreview__ChartVersion=1.2.3" "PrPreview__PullSecret=ebb/preview-pull-source"
  preview_door=$ebb_url/api/git/gitea/gitea
}

# preview_tell <what> <query>: somebody does something at the host, which sends its webhook.
preview_tell() {
  local status
  status=$(curl -s -X POST "$control/$1?$2&door=$preview_door")
  if [ "$status" = 202 ]; then good "the signed webhook of \"$1\" was accepted: 202"; else fail "the webhook of \"$1\" was answered $status"; fi
}

# preview_is <state> <commit>: as the door tells it.
preview_is() {
  api "/api/previews?removed=true" | jq -e --arg state "$1" --arg sha "$2" 'any(.[]; .name == "shop-pr-7" and .state == $state and .headSha == $sha)' >/dev/null
}

preview_show() { curl -s "$control/cluster?name=shop-pr-7" | sed 's/^/       | /'; echo; }

preview_comment() { curl -s "$control/pull-request?number=7" | jq -r '.comments[]' | grep -v '^\[//\]' | sed '/^$/d; s/^/       > /'; }

preview_open() {
  local status
  step "opening a pull request from preview/shop/new-basket"
  status=$(curl -s -o /dev/null -w '%{http_code}' -X POST -H 'X-Gitea-Event: pull_request' -H 'X-Gitea-Delivery: 1' -H 'X-Gitea-Signature: 00' -d '{}' "$preview_door")
  if [ "$status" = 401 ]; then good "a webhook with a wrong signature: 401"; else fail "a webhook with a wrong signature was answered $status"; fi
  preview_tell open "number=7&branch=preview/shop/new-basket&sha=$preview_first"
  await "the preview, which waits for its image," 60 preview_is waitingForImage "$preview_first"
  preview_comment
  say "the pipeline pushes the image"
  curl -s -X POST "$control/image?app=shop&sha=$preview_first"
  await "the preview" 60 preview_is ready "$preview_first"
  preview_show
  preview_comment
}

preview_push() {
  step "pushing a commit"
  curl -s -X POST "$control/image?app=shop&sha=$preview_second"
  preview_tell push "number=7&sha=$preview_second"
  await "the new commit" 60 preview_is ready "$preview_second"
  preview_show
  if [ "$(curl -s "$control/pull-request?number=7" | jq '.comments | length')" = 1 ]; then good "one comment, edited in place"; else fail "there is more than one comment"; fi
}

preview_close() {
  step "closing the pull request"
  preview_tell close "number=7"
  await "the removal" 60 preview_is removed "$preview_second"
  if [ -z "$(curl -s "$control/cluster?name=shop-pr-7")" ]; then good "the cluster holds nothing of it"; else
    fail "something of it is left:"
    preview_show
  fi
  preview_comment
}
