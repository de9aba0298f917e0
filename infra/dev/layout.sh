# shellcheck shell=bash
# OCI image layouts, made of trees and Debian packages by plain tar, gzip, sha256sum and jq.

architectures=(amd64 arm64)
layout=''

# begin_layout <directory>: the images that follow go there.
begin_layout() {
  layout=$1
  mkdir -p "$layout/blobs/sha256" "$layout/layers"
  echo '{"imageLayoutVersion":"1.0.0"}' >"$layout/oci-layout"
  echo '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]}' >"$layout/index.json"
}

# add_blob <file>: moves it into the layout; prints its digest and size.
add_blob() {
  local hex size
  hex=$(sha256sum "$1" | cut -d ' ' -f 1)
  size=$(stat -c %s "$1")
  mv -f "$1" "$layout/blobs/sha256/$hex"
  chmod 644 "$layout/blobs/sha256/$hex"
  echo "sha256:$hex $size"
}

# add_layer <name>: a tar stream on standard input becomes the layer of that name.
add_layer() {
  local name=$1 scratch digest size diff
  scratch=$(mktemp -d "$work/layer.XXXXXX")
  tee >(sha256sum | cut -d ' ' -f 1 >"$scratch/diff") | gzip -n "${gzip_level:--1}" >"$scratch/blob"
  # The process substitution may end after the pipe.
  while [ ! -s "$scratch/diff" ]; do sleep 0.02; done
  diff=$(cat "$scratch/diff")
  read -r digest size < <(add_blob "$scratch/blob")
  jq -n --arg digest "$digest" --argjson size "$size" --arg diff "sha256:$diff" --arg name "$name" \
    '{descriptor: {mediaType: "application/vnd.oci.image.layer.v1.tar+gzip", digest: $digest, size: $size}, diff: $diff, name: $name}' \
    >"$layout/layers/$name.json"
  rm -rf "$scratch"
}

tar_of() { tar -C "$1" --sort=name --mtime=@1700000000 --owner=0 --group=0 --numeric-owner -cf - .; }

# package_layer <name> <package> <architecture> [shell commands run inside the unpacked package]
package_layer() {
  local name=$1 package=$2 architecture=$3 change=${4:-} deb tree
  deb=$(fetch_deb bookworm "$package:$architecture") || return 1
  tree=$(mktemp -d "$work/tree.XXXXXX")
  dpkg -x "$deb" "$tree"
  chmod 755 "$tree"
  rm -rf "$tree/usr/share/doc" "$tree/usr/share/man" "$tree/usr/share/locale"
  if [ -n "$change" ]; then (cd "$tree" && eval "$change"); fi
  tar_of "$tree" | add_layer "$name"
  rm -rf "$tree"
}

# text_layer <name> <path> <text>
text_layer() {
  local tree
  tree=$(mktemp -d "$work/tree.XXXXXX")
  chmod 755 "$tree"
  mkdir -p "$tree/$(dirname "$2")"
  printf '%s\n' "$3" >"$tree/$2"
  tar_of "$tree" | add_layer "$1"
  rm -rf "$tree"
}

# random_layer <name> <mebibytes>: data that does not compress, as models and media do not.
random_layer() {
  local tree
  tree=$(mktemp -d "$work/tree.XXXXXX")
  chmod 755 "$tree"
  mkdir -p "$tree/srv"
  head -c "$2M" /dev/urandom >"$tree/srv/$1.bin"
  tar_of "$tree" | add_layer "$1"
  rm -rf "$tree"
}

# add_manifest <architecture> <config> <created> <layer>…: the image of one architecture; prints its descriptor. Layers
# must exist.
add_manifest() {
  local architecture=$1 config=$2 created=$3 layers digest size file
  shift 3
  file=$(mktemp "$work/json.XXXXXX")
  layers=$(for layer in "$@"; do cat "$layout/layers/$layer.json"; done | jq -cs .)
  jq -cn --argjson layers "$layers" --arg architecture "$architecture" --argjson config "$config" --arg created "$created" '{
    created: $created, architecture: $architecture, os: "linux", config: $config,
    rootfs: {type: "layers", diff_ids: [$layers[].diff]},
    history: [$layers[] | {created: $created, created_by: .name}]}' >"$file"
  read -r digest size < <(add_blob "$file")
  jq -cn --argjson layers "$layers" --arg digest "$digest" --argjson size "$size" '{
    schemaVersion: 2, mediaType: "application/vnd.oci.image.manifest.v1+json",
    config: {mediaType: "application/vnd.oci.image.config.v1+json", digest: $digest, size: $size},
    layers: [$layers[].descriptor]}' >"$file"
  read -r digest size < <(add_blob "$file")
  jq -cn --arg digest "$digest" --argjson size "$size" --arg architecture "$architecture" '{
    mediaType: "application/vnd.oci.image.manifest.v1+json", digest: $digest, size: $size,
    platform: {architecture: $architecture, os: "linux"}}'
}

# add_index <ref> <descriptor>…: an index of these, known in the layout by the ref; prints its digest.
add_index() {
  local ref=$1 digest size file
  shift
  file=$(mktemp "$work/json.XXXXXX")
  printf '%s\n' "$@" | jq -cs '{
    schemaVersion: 2, mediaType: "application/vnd.oci.image.index.v1+json", manifests: .}' >"$file"
  read -r digest size < <(add_blob "$file")
  add_ref application/vnd.oci.image.index.v1+json "$digest" "$size" "$ref"
  echo "$digest"
}

# add_ref <media type> <digest> <size> <ref>: the manifest's name in the layout.
add_ref() {
  jq -c --arg type "$1" --arg digest "$2" --argjson size "$3" --arg ref "$4" '.manifests += [{
    mediaType: $type, digest: $digest, size: $size, annotations: {"org.opencontainers.image.ref.name": $ref}}]' \
    "$layout/index.json" >"$layout/index.json.new"
  mv -f "$layout/index.json.new" "$layout/index.json"
}

# add_image <name> <tag> <layer>…: "%" in a layer's name stands for the architecture.
add_image() {
  local name=$1 tag=$2 architecture config digest children=()
  shift 2
  config=$(jq -cn --arg name "$name" --arg tag "$tag" '{Cmd: ["/bin/sh"], Env: ["PATH=/bin:/usr/bin:/sbin"],
    Labels: {"org.opencontainers.image.title": $name, "org.opencontainers.image.version": $tag}}')
  for architecture in "${architectures[@]}"; do
    children+=("$(add_manifest "$architecture" "$config" 2024-01-01T00:00:00Z "${@//%/$architecture}")")
  done
  digest=$(add_index "$name-$tag" "${children[@]}")
  echo "$name $tag $digest" >>"$layout/images"
}

# push_images <layout> <registry>/<path> <how many at once>: every image of the layout, as <path>/<name>:<tag>.
push_images() {
  # shellcheck disable=SC2016 # the inner shell's parameters
  run xargs -a "$1/images" -P "$3" -L 1 bash -c '
    skopeo copy --insecure-policy --quiet --all --preserve-digests --dest-tls-verify=false \
      "oci:$0:$2-$3" "docker://$1/$2:$3"' "$1" "$2"
}
