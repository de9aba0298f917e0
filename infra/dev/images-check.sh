# shellcheck shell=bash
# ./dev images --check: every image runs as a cluster would run it, and ImageMirror's own image mirrors and signs them all.

check_images() {
  local name
  need bubblewrap:bwrap openssl
  need_registry
  need_cosign
  need_postgres
  # shellcheck source=infra/dev/registry.sh
  source infra/dev/registry.sh
  # shellcheck source=infra/dev/cluster.sh
  source infra/dev/cluster.sh
  start_postgres
  check_failed=0
  while read -r name _; do
    step "running $name: user 65532, read-only root, no capabilities"
    unpack_image "$name" "$work/roots/$name"
    check_contents "$name"
    case $(image_setting "$name" '.Entrypoint[0]') in
      /app/Ebb.Scaler) check_scaler "$name" ;;
      *) check_functions "$name" ;;
    esac
  done <"$image_layout/images"
  if grep -q '^image-mirror ' "$image_layout/images"; then
    step "the image of ImageMirror mirrors and signs the images, from and to registries with TLS of a CA of their own"
    check_mirror
  fi
  [ "$check_failed" -eq 0 ] || die "the images have the faults named above"
}

fault() {
  bad "$*"
  check_failed=1
}

# expect <what> <command…>
expect() {
  local what=$1
  shift
  if "$@"; then good "$what"; else fault "$what"; fi
}

# image_json <name> manifest|config: the file.
image_json() {
  local manifest
  manifest=$(blob "$(sbom_subject "$1")")
  case $2 in
    manifest) echo "$manifest" ;;
    config) blob "$(jq -r .config.digest "$manifest")" ;;
  esac
}

image_setting() { jq -r ".config$2" "$(image_json "$1" config)"; }

unpack_image() {
  local digest
  mkdir -p "$2"
  while IFS= read -r digest; do
    tar -C "$2" --no-same-owner -xzf "$(blob "$digest")"
  done < <(jq -r '.layers[].digest' "$(image_json "$1" manifest)")
  # Mount points, which a container runtime makes too.
  mkdir -p "$2/proc" "$2/dev" "$2/mnt"
}

# in_image <name> [setting=value]… [-- argument…]: the image's program as its configuration says; $work/mnt is its /mnt.
in_image() {
  local name=$1 variables=() setting
  shift
  while IFS= read -r setting; do variables+=(--setenv "${setting%%=*}" "${setting#*=}"); done < <(image_setting "$name" '.Env[]')
  while [ $# -gt 0 ] && [ "$1" != -- ]; do
    variables+=(--setenv "${1%%=*}" "${1#*=}")
    shift
  done
  [ $# -eq 0 ] || shift
  bwrap --ro-bind "$work/roots/$name" / --proc /proc --dev /dev --bind "$work/mnt" /mnt --unshare-user --unshare-pid \
    --unshare-ipc --uid 65532 --gid 65532 --cap-drop ALL --die-with-parent --clearenv "${variables[@]}" \
    --chdir "$(image_setting "$name" .WorkingDir)" "$(image_setting "$name" '.Entrypoint[0]')" "$@"
}

check_contents() {
  local root=$work/roots/$1 programs
  [ "$(image_setting "$1" .User)" = 65532:65532 ] || fault "$1 runs as $(image_setting "$1" .User)"
  programs=$(find "$root" -type f -perm /111 -not -name '*.so*' -printf '/%P ')
  expect "the only program in it is its own, $programs" [ "$programs" = "$(image_setting "$1" '.Entrypoint[0]') " ]
  expect "no file is set-uid, none but /tmp may be written by all" \
    [ -z "$(find "$root" \( -perm /6000 -o -perm -0002 -not -type l \) -not -path "$root/tmp")" ]
  jq -e '.config.Labels | .["org.opencontainers.image.revision"] and .["org.opencontainers.image.created"]' \
    "$(image_json "$1" config)" >/dev/null || fault "$1 lacks labels"
  check_materials "$1"
}

# What is in the base is in the bill of materials, and both name the same image.
check_materials() {
  local spdx=$image_layout/$1.spdx.json missing
  missing=$(comm -23 <(find "$work/roots/$1/var/lib/dpkg/status.d" -type f -printf '%f\n' | sort) \
    <(jq -r '.packages[] | select(.SPDXID | startswith("SPDXRef-deb-")) | .name' "$spdx" | sort))
  expect "its bill of materials lists $(jq '.packages | length - 1' "$spdx") packages" [ -z "$missing" ]
  jq -e --arg digest "$(sbom_subject "$1")" '.packages[0].packageFileName == $digest' "$spdx" >/dev/null || fault "$1.spdx.json is of another image"
}

# serve <name> <port> <path> [setting=value]…: started and asked; stops it again. Its settings follow.
serve() {
  local name=$1 address=http://127.0.0.1:$2$3 until=$((SECONDS + 60)) pid code=1
  shift 3
  export -f in_image image_setting image_json sbom_subject blob
  export work image_layout
  start "$work/$name.log" bash -c 'in_image "$@"' in_image "$name" "$@"
  pid=$started
  while [ "$SECONDS" -lt "$until" ] && kill -0 "$pid" 2>/dev/null; do
    if curl -sf -o "$work/answer" "$address"; then code=0; break; fi
    sleep 0.1
  done
  stop "$pid"
  [ "$code" -eq 0 ] || tail -n 20 "$work/$name.log" >&2
  return "$code"
}

prepare_mnt() {
  rm -rf "${work:?}/mnt"
  mkdir -p "$work/mnt/storage"
  echo '{target: 127.0.0.1:1/x, images: []}' >"$work/mnt/images.yaml"
  # The user in the image may own it only by everybody's leave: the check may not be root.
  chmod -R a+rwX "$work/mnt"
}

check_functions() {
  local name=$1 port
  prepare_mnt
  port=$(free_port)
  in_image "$name" Storage=sqlite:/mnt/storage/ebb.db TZ=Europe/Berlin -- functions >"$work/functions" || fault "$name functions failed"
  expect "it lists its functions: $(awk 'NR > 1 { printf "%s ", $1 }' "$work/functions")" [ "$(wc -l <"$work/functions")" -gt 1 ]
  if grep -q ' timer ' "$work/functions"; then check_time_zone "$name"; fi
  expect "it answers /healthz/ready" serve "$name" "$port" /healthz/ready Storage=sqlite:/mnt/storage/ebb.db \
    ImageMirror__ImagesFile=/mnt/images.yaml "ASPNETCORE_HTTP_PORTS=$port"
  expect "and with its store in PostgreSQL" serve "$name" "$port" /healthz/ready "Storage=$storage" \
    ImageMirror__ImagesFile=/mnt/images.yaml "ASPNETCORE_HTTP_PORTS=$port"
}

# One in the morning in Berlin is 23:00 or 00:00 UTC; Kathmandu is 05:45 ahead.
check_time_zone() {
  local zone expected schedule schedules=()
  # Each app has one of these.
  for schedule in ImageMirror__Schedule EtcdBackup__Schedule PrPreview__ReapSchedule SecretBump__RefreshSchedule; do
    schedules+=("$schedule=0 0 1 * * *")
  done
  for zone in 'Europe/Berlin 2[23]:00' 'Asia/Kathmandu 19:15'; do
    expected=${zone#* } zone=${zone% *}
    in_image "$1" Storage=sqlite:/mnt/storage/ebb.db "WEBSITE_TIME_ZONE=$zone" "${schedules[@]}" -- functions >"$work/functions"
    if [ "$zone" = Europe/Berlin ]; then expected='(00:00|23:00)'; fi
    expect "01:00 in $zone is $(grep -oE '[0-9:]{8}Z' "$work/functions" | paste -sd ' ')" grep -qE " $expected:00Z" "$work/functions"
  done
  expect "a zone that does not exist is refused" refuses_zone "$1"
}

refuses_zone() { ! in_image "$1" Storage=sqlite:/mnt/storage/ebb.db WEBSITE_TIME_ZONE=Europe/Atlantis -- functions >"$work/functions" 2>&1; }

check_scaler() {
  local port
  prepare_mnt
  port=$(free_port)
  expect "it answers /metrics" serve "$1" "$port" /metrics Storage=sqlite:/mnt/storage/ebb.db \
    "Scaler__GrpcUrl=http://127.0.0.1:$(free_port)" "Scaler__MetricsUrl=http://127.0.0.1:$port"
  expect "with the functions' and its own metrics" grep -q '^ebb_' "$work/answer"
  expect "and with the store in PostgreSQL" serve "$1" "$port" /metrics "Storage=$storage" \
    "Scaler__GrpcUrl=http://127.0.0.1:$(free_port)" "Scaler__MetricsUrl=http://127.0.0.1:$port"
}

# tls_registry <name>: a registry with a certificate of the check's own CA; sets $registry.
tls_registry() {
  local name=$1 port
  port=$(free_port)
  registry=127.0.0.1:$port
  cat >"$work/$name.yml" <<YAML
version: 0.1
log: { level: error }
storage: { filesystem: { rootdirectory: "$work/$name" }, delete: { enabled: true } }
http: { addr: "$registry", secret: "$RANDOM$RANDOM", tls: { certificate: "$work/tls/server.pem", key: "$work/tls/server.key" } }
YAML
  start "$work/$name.log" docker-registry serve "$work/$name.yml"
  await "the registry \"$name\" on $registry" 20 curl -s --cacert "$work/tls/ca/ca.pem" "https://$registry/v2/"
}

make_certificates() {
  mkdir -p "$work/tls/ca"
  quietly "openssl req" openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj '/CN=check CA' \
    -keyout "$work/tls/ca.key" -out "$work/tls/ca/ca.pem"
  quietly "openssl req" openssl req -newkey rsa:2048 -nodes -subj '/CN=registry' -keyout "$work/tls/server.key" -out "$work/tls/server.csr"
  printf 'subjectAltName=IP:127.0.0.1\n' >"$work/tls/extensions"
  quietly "openssl x509" openssl x509 -req -days 2 -in "$work/tls/server.csr" -CA "$work/tls/ca/ca.pem" -CAkey "$work/tls/ca.key" \
    -set_serial 1 -extfile "$work/tls/extensions" -out "$work/tls/server.pem"
}

check_mirror() {
  local built ours name tag digest
  prepare_mnt
  make_certificates
  tls_registry built
  built=$registry
  tls_registry ours
  ours=$registry
  SSL_CERT_FILE=$work/tls/ca/ca.pem push_apps "$built/ebb"

  cp -r "$work/tls/ca" "$work/mnt/ca"
  head -c 24 /dev/urandom | od -An -tx1 | tr -d ' \n' >"$work/mnt/password"
  {
    printf 'target: %s/platform\nimages:\n' "$ours"
    while read -r name tag _; do printf '  - { source: %s/ebb/%s, tags: ["%s"] }\n' "$built" "$name" "$tag"; done <"$image_layout/images"
  } >"$work/mnt/images.yaml"
  chmod -R a+rwX "$work/mnt"
  in_image image-mirror -- signing generate-key --output-key-prefix /mnt/cosign --password-file /mnt/password >/dev/null ||
    fault "no key could be made"
  expect "without the CA it trusts neither registry" refuses_registry
  if in_mirror SSL_CERT_DIR=/mnt/ca; then good "the run succeeded"; else
    fault "the run failed: $(jq -c '.error // .' "$work/run.json" | head -c 2000) $(tail -n 5 "$work/run.log")"
  fi
  while read -r name tag digest; do
    expect "cosign verifies platform/$name@$digest" verified "$ours/platform/$name@$digest"
    expect "cosign verifies its linux/amd64" verified "$ours/platform/$name@$(sbom_subject "$name")"
  done <"$image_layout/images"
  expect "cosign refuses the images that nobody signed" refused "$built/ebb/image-mirror:$revision"
}

# in_mirror [setting=value]…: one run of the mirror out of its image; the record is in $work/run.json.
in_mirror() {
  in_image image-mirror Storage=sqlite:/mnt/storage/ebb.db ImageMirror__ImagesFile=/mnt/images.yaml Signing__Key=/mnt/cosign.key \
    Signing__PasswordFile=/mnt/password Registries__0__Host="${built}" Registries__0__PlainHttp=false \
    Registries__1__Host="${ours}" Registries__1__PlainHttp=false "$@" -- run MirrorOnRequest --input '{}' \
    >"$work/run.json" 2>"$work/run.log"
}

refuses_registry() { ! in_mirror && grep -qi certificate "$work/run.json" "$work/run.log"; }

refused() { ! verified "$1" >/dev/null; }

verified() {
  SSL_CERT_FILE=$work/tls/ca/ca.pem "$EBB_COSIGN" verify --key "$work/mnt/cosign.pub" --insecure-ignore-tlog "$1" >"$work/verdict.json" 2>"$work/verdict" ||
    { tail -n 1 "$work/verdict"; return 1; }
}
