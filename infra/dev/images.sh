# shellcheck shell=bash
# ./dev images [app]…: one OCI image for each app, without a container daemon, the same bytes from the same commit.

# The apps that have an image: folders of functions/ or keda/. A word more is an image more.
image_apps=(Webhooks ImageMirror EtcdBackup PrPreview SecretBump AllInOne Scaler)
image_layout=$artifacts/images

dev_images() {
  local part push='' verify='' compare='' apps=()
  need_dotnet
  need curl jq skopeo
  for part in layout images-base images-sbom; do
    # shellcheck source=/dev/null
    source "infra/dev/$part.sh"
  done
  while [ $# -gt 0 ]; do
    case $1 in
      --update) update_base; return ;;
      --check) verify=1 ;;
      --compare) compare=1 ;;
      --push)
        push=${2:-}
        [ -n "$push" ] || die "--push needs where to: ./dev images --push registry.example.com/ebb"
        shift
        ;;
      -*) die "./dev images knows --check, --compare, --push <registry/path> and --update, not \"$1\"" ;;
      *) apps+=("$1") ;;
    esac
    shift
  done
  if [ ${#apps[@]} -gt 0 ]; then image_apps=("${apps[@]}"); fi
  [ "$(uname -m)" = x86_64 ] || die "images are built for linux/amd64 on linux/amd64; this is $(uname -m)"

  image_commit
  make_images
  list_images
  if [ -n "$compare" ]; then compare_images; fi
  if [ -n "$verify" ]; then
    # shellcheck source=infra/dev/images-check.sh
    source infra/dev/images-check.sh
    check_images
  fi
  if [ -n "$push" ]; then push_apps "$push"; fi
}

# What is built, from when and where it is.
image_commit() {
  local origin
  revision=$(git rev-parse HEAD) || die "images are labelled with their commit: this is no git repository"
  created=$(TZ=UTC git show -s --date=format-local:%Y-%m-%dT%H:%M:%SZ --format=%cd HEAD)
  if [ -n "$(git status --porcelain)" ]; then
    revision+=-dirty
    say "the working tree differs from its commit: the images are labelled $revision"
  fi
  version=$(sed -n "s/.*<Version [^>]*>\(.*\)<\/Version>.*/\1/p" Directory.Build.props)
  origin=$(git remote get-url origin 2>/dev/null || true)
  case $origin in https://*) ;; *) origin='' ;; esac
  image_source=${EBB_IMAGE_SOURCE:-$(sed -E 's#^https://([^/@]*@)?#https://#; s#\.git$##' <<<"$origin")}
}

make_images() {
  local app
  need_linker
  rm -rf "$image_layout"
  begin_layout "$image_layout"
  gzip_level=-9
  step "the base, out of Debian packages"
  base_layer amd64
  for app in "${image_apps[@]}"; do
    step "$app"
    publish_native "$(project_of "$app")"
    app_image "$app"
  done
  stop_compiler
}

project_of() {
  local folder
  for folder in functions keda; do
    if [ -e "$folder/$1/$1.csproj" ]; then echo "$folder/$1"; return; fi
  done
  die "there is no app $1 in functions/ or keda/"
}

# ImageMirror is image-mirror.
image_name() { sed -E 's/([a-z0-9])([A-Z])/\1-\2/g' <<<"$1" | tr '[:upper:]' '[:lower:]'; }

# The one program of a native build; beside it lie native libraries (*.so).
binary_of() {
  local found
  found=$(find "$artifacts/native/publish/$1/release" -maxdepth 1 -type f -perm -u+x ! -name '*.so')
  if [ -z "$found" ] || [ "$(wc -l <<<"$found")" -ne 1 ]; then
    die "one program was expected of the native build of $1, found: ${found:-none}"
  fi
  echo "$found"
}

app_image() {
  local app=$1 name binary tree config manifest digest
  name=$(image_name "$app")
  binary=$(binary_of "$app")
  tree=$(mktemp -d "$work/tree.XXXXXX")
  chmod 755 "$tree"
  install -D -m 755 "$binary" "$tree/app/$(basename "$binary")"
  find "$(dirname "$binary")" -maxdepth 1 -name '*.so' -exec install -m 644 -t "$tree/app" {} +
  case $(project_of "$app") in functions/*) install -m 644 host.json "$tree/app/host.json" ;; esac
  tar_of "$tree" | add_layer "$name"
  rm -rf "$tree"

  config=$(image_config "$app" "/app/$(basename "$binary")")
  manifest=$(add_manifest amd64 "$config" "$created" base-amd64 "$name")
  digest=$(add_index "$name-$revision" "$manifest")
  echo "$name $revision $digest" >>"$layout/images"
  add_sbom "$app" "$binary" "$manifest"
}

# image_config <app> <entry point>: functions listen on 8080 unless they are told otherwise.
image_config() {
  local app=$1 entry=$2 functions=false
  case $(project_of "$app") in functions/*) functions=true ;; esac
  jq -cn --arg app "$app" --arg entry "$entry" --argjson functions "$functions" --arg revision "$revision" \
    --arg version "$version" --arg created "$created" --arg source "$image_source" '{
      User: "65532:65532", Entrypoint: [$entry], WorkingDir: "/etc/ebb",
      Env: (["PATH=/app"] + if $functions then ["ASPNETCORE_HTTP_PORTS=8080"] else [] end),
      Labels: ({"org.opencontainers.image.title": "Ebb \($app)", "org.opencontainers.image.version": $version,
        "org.opencontainers.image.revision": $revision, "org.opencontainers.image.created": $created}
        + if $source == "" then {} else {"org.opencontainers.image.source": $source} end)}
    + if $functions then {ExposedPorts: {"8080/tcp": {}}} else {} end'
}

list_images() {
  local name tag digest manifest
  step "images in ${image_layout#"$root/"}, as OCI image layout"
  while read -r name tag digest; do
    manifest=$(jq -r '.manifests[0].digest' "$(blob "$digest")")
    say "$(printf '%-14s %s  %5.1f MB to pull, %5.1f MB of them the shared base' "$name" "$digest" \
      "$(jq '[.layers[].size] | add / 1e6' "$(blob "$manifest")")" "$(jq '.layers[0].size / 1e6' "$(blob "$manifest")")")"
  done <"$image_layout/images"
}

blob() { echo "$image_layout/blobs/${1/:/\/}"; }

# The same commit once more, in another directory: every digest must be the same.
compare_images() {
  local elsewhere=$work/elsewhere/somewhere/else
  case $revision in *-dirty) die "--compare builds the commit again: commit first, the working tree differs from it" ;; esac
  step "the same commit again, in another directory"
  git clone -q --no-hardlinks "$root" "$elsewhere"
  git -C "$elsewhere" checkout -q --detach "$revision"
  mkdir -p "$elsewhere/.cache"
  if [ -d "$cache/debs" ]; then cp -r "$cache/debs" "$elsewhere/.cache/"; fi
  quietly "./dev images in another directory" env "EBB_IMAGE_SOURCE=$image_source" "$elsewhere/dev" images "${image_apps[@]}"
  if ! diff "$image_layout/images" "$elsewhere/artifacts/images/images" ||
    ! diff <(jq -S . "$image_layout/index.json") <(jq -S . "$elsewhere/artifacts/images/index.json"); then
    die "the images differ from those built in another directory; see above"
  fi
  good "every digest is the same, those of the bills of materials too"
}

# push_apps <registry>/<path>: the images, and beside them their bills of materials as <tag>.spdx.
push_apps() {
  local name tag ref
  step "pushing to $1"
  while read -r name tag _; do
    for ref in "$tag" "$tag.spdx"; do
      push_ref "$name-$ref" "$1/$name:$ref" || die "$1/$name:$ref could not be pushed; its output is above"
    done
    good "$1/$name:$tag"
  done <"$image_layout/images"
}

# push_ref <ref in the layout> <image>
push_ref() {
  local tls=true
  case $2 in 127.0.0.1:* | localhost:*) tls=false ;; esac
  run skopeo copy --insecure-policy --quiet --all --preserve-digests "--dest-tls-verify=$tls" "oci:$image_layout:$1" "docker://$2"
}
