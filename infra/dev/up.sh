# shellcheck shell=bash
# ./dev up: ebb and two registries that keep their content in .cache/up, until Ctrl-C.

dev_up() {
  local home=$cache/up source target
  need_dotnet
  need curl jq skopeo
  need_registry
  need_cosign
  local part
  for part in registry layout demo-images ebb; do
    # shellcheck source=/dev/null
    source "infra/dev/$part.sh"
  done
  build_ebb
  demo_images

  mkdir -p "$home"
  exec {only}>"$home/lock"
  flock -n "$only" || die "./dev up runs already with $home"

  step "starting two registries and ebb"
  make_secrets "$home/secrets"
  start_registry source "$home/source"
  source=$registry
  if [ ! -e "$home/filled" ]; then
    push_images "$demo_layout" "$source/debian" "$(processors)" || die "the images could not be pushed"
    touch "$home/filled"
  fi
  start_registry target "$home/target"
  target=$registry
  if [ ! -e "$home/images.yaml" ]; then
    cp infra/dev/up-images.yaml "$home/images.yaml"
  fi
  # The ports are new at each start; everything else in the file is yours.
  sed -i -E "s#^target: 127\.0\.0\.1:[0-9]+#target: $target#; s#(source: )127\.0\.0\.1:[0-9]+/#\1$source/#" "$home/images.yaml"
  start_ebb "$home/secrets" "$home/storage" "$home/images.yaml"

  cat <<TEXT

  ebb              $ebb_url
  source registry  $source
  target registry  $target
  images           $home/images.yaml
  function key     $home/secrets/function-keys/host.function.pipeline
  master key       $home/secrets/function-keys/host.master
  public key       $home/secrets/cosign.pub
  log              $work/ebb.log

  Put another image into the source registry:
    skopeo copy --all --dest-tls-verify=false docker://docker.io/library/alpine:3.21 docker://$source/library/alpine:3.21
  Mirror the list:
    curl -X POST $ebb_url/api/images/mirror -H "x-functions-key: \$(cat $home/secrets/function-keys/host.function.pipeline)"
  Mirror one image of the list:
    curl -X POST $ebb_url/api/images/mirror -H "x-functions-key: \$(cat $home/secrets/function-keys/host.function.pipeline)" \\
      -H 'Content-Type: application/json' -d '{"images":[{"name":"tini","tags":["0.19"]}]}'
  See the runs:
    curl $ebb_url/api/runs -H "x-functions-key: \$(cat $home/secrets/function-keys/host.function.pipeline)"
  Check a signature:
    $EBB_COSIGN verify --key $home/secrets/cosign.pub --insecure-ignore-tlog $target/library/tini:0.19

  Ctrl-C stops everything; what was mirrored stays in $home.

TEXT
  tail -n +1 -f "$work/ebb.log" &
  pids+=($!)
  wait "$ebb_pid" || die "ebb ended by itself; its log is above"
}
