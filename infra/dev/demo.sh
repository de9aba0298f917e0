# shellcheck shell=bash
# ./dev demo: real images from one real registry into another, signed; cosign has the last word. Then etcd, backed up and restored.

dev_demo() {
  local part cluster='' native=''
  while [ $# -gt 0 ]; do
    case $1 in
      --cluster-like) cluster=1 ;;
      --native) native=1 ;;
      *) die "./dev demo takes --cluster-like, --native, both or nothing, not '$1'" ;;
    esac
    shift
  done
  need_dotnet
  need curl jq skopeo bsdextrautils:column
  need_registry
  need_cosign
  for part in registry layout demo-images demo-etcd ebb cluster demo-cluster demo-previews demo-bumps; do
    # shellcheck source=/dev/null
    source "infra/dev/$part.sh"
  done
  if [ -n "$cluster" ]; then
    need_postgres
    demo_cluster "$native"
    return
  fi
  demo_failed=0
  build_ebb
  if [ -n "$native" ]; then build_native_ebb; fi
  demo_images

  demo_registries
  demo_start
  demo_first_run
  demo_verify
  demo_second_run
  demo_usage
  demo_etcd
  demo_usage
  demo_previews
  demo_usage
  demo_bumps
  demo_usage

  echo
  if [ "$demo_failed" -ne 0 ]; then
    say "${red}The demo failed${plain} after $SECONDS s; the reasons are above."
    jq -rR 'fromjson? | select(.LogLevel == "Error" or .LogLevel == "Critical") | .Message' "$work/ebb.log" >&2
    return 1
  fi
  say "${green}${bold}Everything held.${plain} $SECONDS s in all."
}

demo_usage() { say "ebb: $(usage "$ebb_pid")"; }

fail() {
  bad "$*"
  demo_failed=1
}

demo_registries() {
  step "two registries: \"upstream\" is open, \"ours\" wants a password"
  start_registry upstream "$work/upstream"
  upstream=$registry
  target_user=mirror target_password=$(random_word)
  start_registry ours "$work/ours" "$target_user" "$target_password"
  ours=$registry
  say "upstream  http://$upstream"
  say "ours      http://$ours"

  step "pushing $(wc -l <"$demo_layout/images") tags of $(cut -d ' ' -f 1 "$demo_layout/images" | sort -u | wc -l) images to upstream"
  push_images "$demo_layout" "$upstream/debian" "$(processors)" || die "the images could not be pushed"
}

demo_start() {
  step "starting ebb"
  make_secrets "$work/secrets"
  (umask 077 && printf '%s' "$target_password" >"$work/secrets/registry-password")
  demo_list >"$work/images.yaml"
  sed 's/^/       | /' "$work/images.yaml"
  start_ebb "$work/secrets" "$work/storage" "$work/images.yaml" \
    "Registries__0__Host=$ours" "Registries__0__Username=$target_user" \
    "Registries__0__PasswordFile=$work/secrets/registry-password"
  say "$ebb_url"
  # What cosign and curl use to read from "ours".
  mkdir -p "$work/docker"
  jq -n --arg host "$ours" --arg auth "$(printf '%s:%s' "$target_user" "$target_password" | base64 -w 0)" \
    '{auths: {($host): {auth: $auth}}}' >"$work/docker/config.json"
}

# One list that uses each way to say which tags are wanted.
demo_list() {
  local approved
  approved=$(awk '$1 == "zsh" { print $3 }' "$demo_layout/images")
  cat <<YAML
target: $ours/library
images:
  - source: $upstream/debian/tini
    tags: ["0.19"]
  - source: $upstream/debian/catatonit
    name: catatonit-init
    tags: ["0.1", latest]
  - source: $upstream/debian/busybox
    semver: ">=1.35 <2"
    newest: 2
  - source: $upstream/debian/bash
    regex: '5\..+'
  - source: $upstream/debian/sash
    tags: ["3.8"]
    platforms: [linux/amd64]
  - source: $upstream/debian/zsh@$approved
    tags: ["5.9"]
  - source: $upstream/debian/model
    tags: ["1.0"]
YAML
}

api() {
  local path=$1
  shift
  curl -s -H @<(printf 'x-functions-key: %s' "$(cat "$work/secrets/function-keys/host.function.pipeline")") "$@" "$ebb_url$path"
}

# mirror_and_follow: asks for the configured list and leaves the final run in $work/run.json.
mirror_and_follow() {
  local id progress='' state
  api /api/images/mirror -X POST -o "$work/accepted.json" -w '%{http_code}' >"$work/status"
  [ "$(cat "$work/status")" = 202 ] || die "ebb answered $(cat "$work/status") to the request: $(cat "$work/accepted.json")"
  id=$(jq -er .id "$work/accepted.json") || die "the answer names no run: $(cat "$work/accepted.json")"
  say "POST $ebb_url/api/images/mirror -> 202, run $id"
  while :; do
    # 200 when it succeeded, 202 while it runs, 500 when it failed: the run is in the body each time.
    api "/api/runs/$id?wait=1s" -o "$work/run.json" || die "GET /api/runs/$id got no answer"
    state=$(jq -er .state "$work/run.json") || die "GET /api/runs/$id answered $(head -c 400 "$work/run.json")"
    if [ "$(jq -r '.progress // ""' "$work/run.json")" != "$progress" ]; then
      progress=$(jq -r '.progress // ""' "$work/run.json")
      say "$dim$progress$plain"
    fi
    case $state in succeeded | failed | poisoned | superseded) break ;; esac
    [ "$SECONDS" -lt 900 ] || die "run $id did not end in time; it is $state"
  done
  if [ "$state" = succeeded ]; then good "run $id succeeded"; else
    fail "run $id ended $state: $(jq -r '.error.message // ""' "$work/run.json")"
  fi
}

demo_first_run() {
  local code
  step "asking for the mirror over HTTP"
  code=$(curl -s -o /dev/null -w '%{http_code}' -X POST "$ebb_url/api/images/mirror")
  if [ "$code" = 401 ]; then good "without a function key the door answers 401"; else fail "without a function key the door answers $code"; fi
  mirror_and_follow
  show_report
}

# The report as a table; failed lines with their cause and what to do.
show_report() {
  [ "$(jq -r '.result != null' "$work/run.json")" = true ] || return 0
  jq -r '
    def bytes: if . >= 1048576 then "\((. / 104857.6 | floor) / 10) MB" elif . >= 1024 then "\(. / 1024 | floor) kB" else "\(.) B" end;
    def blobs: if .blobs == 0 then "-" else "\(.blobs) (\(.bytes | bytes))" end;
    ["IMAGE", "ACTION", "DIGEST", "MOVED", "MOUNTED", "THERE", "SIGNED"],
    (.result.images[] | [(.target | sub("^[^/]*/"; "")), .action, ((.targetDigest // "-") | ltrimstr("sha256:") | .[0:12]),
      (.moved | blobs), (.mounted | blobs), (.skipped | blobs), (.signatures | tostring)]) | @tsv' "$work/run.json" |
    column -t -s $'\t' | sed 's/^/       /'
  jq -r '.result.images[] | select(.cause != null) | "\(.target): \(.cause) \(.remedy // "")"' "$work/run.json" |
    while IFS= read -r line; do bad "$line"; done
}

# The target registry's own tags, not the report's: "<repository> <tag>" lines without the signatures' tags.
target_tags() {
  local repository
  registry_get "/v2/_catalog?n=1000" | jq -r '.repositories[]' | while IFS= read -r repository; do
    registry_get "/v2/$repository/tags/list" | jq -r '.tags // [] | .[] | select(startswith("sha256-") | not)' |
      sed "s#^#$repository #"
  done
}

registry_get() {
  curl -sf -K <(printf 'user = "%s:%s"\n' "$target_user" "$target_password") \
    -H 'Accept: application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json, application/json' "http://$ours$1"
}

cosign_verify() {
  DOCKER_CONFIG=$work/docker "$EBB_COSIGN" verify --key "$work/secrets/cosign.pub" --insecure-ignore-tlog "$1" \
    >"$work/verdict.json" 2>"$work/verdict"
}

demo_verify() {
  local repository tag digest line count=0
  step "cosign verify --key cosign.pub --insecure-ignore-tlog, on every tag and every manifest behind it"
  while read -r repository tag; do
    line=
    registry_get "/v2/$repository/manifests/$tag" >"$work/index.json" || fail "$repository:$tag cannot be read"
    for digest in "" $(jq -r '.manifests // [] | .[] | .digest' "$work/index.json"); do
      if [ -z "$digest" ]; then digest=:$tag; else digest=@$digest; fi
      count=$((count + 1))
      if cosign_verify "$ours/$repository$digest"; then line+=" ${green}verified${plain}"; else
        line+=" ${red}REFUSED${plain}"
        fail "cosign refuses $repository$digest: $(tail -n 1 "$work/verdict")"
      fi
    done
    say "$(printf '%-30s' "$repository:$tag")$line  $dim$(sha256sum <"$work/index.json" | cut -c 1-12)$plain"
  done < <(target_tags)
  if [ "$count" -lt 26 ]; then fail "only $count signatures to check; the target lacks images"; else good "$count verdicts"; fi
  if cosign_verify "$upstream/debian/tini:0.19"; then
    fail "cosign accepts the unsigned upstream image: its verdicts above mean nothing"
  else
    good "the unsigned upstream image is refused"
  fi
}

demo_second_run() {
  local before after writes requests
  step "the same again: nothing changed upstream, so nothing may be written"
  find "$work/ours" -type f -printf '%P %s %T@\n' | sort >"$work/before"
  before=$(requests "$work/ours.log" PUT POST PATCH DELETE)
  requests=$(($(requests "$work/ours.log") + $(requests "$work/upstream.log")))
  mirror_and_follow
  show_report
  find "$work/ours" -type f -printf '%P %s %T@\n' | sort >"$work/after"
  after=$(requests "$work/ours.log" PUT POST PATCH DELETE)
  writes=$((after - before))
  requests=$(($(requests "$work/ours.log") + $(requests "$work/upstream.log") - requests))
  if [ "$writes" -eq 0 ]; then good "the target's access log holds no PUT, POST, PATCH or DELETE of this run; $requests requests in all"; else
    fail "the target's access log holds $writes writing requests of this run"
  fi
  if cmp -s "$work/before" "$work/after"; then good "the target's storage is what it was: $(wc -l <"$work/after") files, same names, sizes and times"; else
    fail "the target's storage changed:"
    diff "$work/before" "$work/after" | head -n 10
  fi
}
