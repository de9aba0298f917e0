# shellcheck shell=bash
# A bill of materials for each image: SPDX 2.3 as JSON, a file and an OCI referrer of the image.

# add_sbom <app> <binary> <descriptor of the image>
add_sbom() {
  local app=$1 binary=$2 image=$3 name file
  name=$(image_name "$app")
  file=$image_layout/$name.spdx.json
  jq -n --slurpfile packages <(debian_materials && nuget_materials "$app") --arg app "$app" --arg name "$name" \
    --arg revision "$revision" --arg version "$version" --arg created "$created" --arg source "$image_source" \
    --arg digest "$(jq -r .digest <<<"$image")" --arg file "/app/$(basename "$binary")" \
    --arg sha1 "$(sha1sum <"$binary" | cut -d ' ' -f 1)" --arg sha256 "$(sha256sum <"$binary" | cut -d ' ' -f 1)" -f infra/images/spdx.jq >"$file"
  add_referrer "$name" "$file" "$image"
}

# Each package of the base as {kind, name, version, …}.
debian_materials() {
  local package deb
  while read -r package _; do
    deb=$(base_deb "$package") || return 1
    jq -cn --arg name "${package%:*}" --arg version "$(dpkg-deb -f "$deb" Version)" --arg architecture "${package#*:}" \
      --arg homepage "$(dpkg-deb -f "$deb" Homepage)" --arg source "$(dpkg-deb -f "$deb" Source)" --arg hash "$(locked "$package" | cut -d ' ' -f 2)" \
      '{kind: "deb", $name, $version, $architecture, $homepage, source: (if $source == "" then $name else $source end), algorithm: "SHA256", $hash}'
  done < <(base_packages amd64)
}

# Each NuGet package that code of the binary comes from: those that bring an assembly or a native library, the runtime, and the native compiler,
# whose libraries are linked in.
nuget_materials() {
  local assets=$artifacts/native/obj/$1/project.assets.json packages id version hash folder licence
  packages=$(jq -r '.packageFolders | keys[0]' "$assets")
  jq -r '
    .targets as $targets | ($targets | keys | map(select(contains("/"))) | first) as $target
    | (.libraries | to_entries[] | select(.value.type == "package")
        | select([$targets[$target][.key] | (.runtime // {}) + (.native // {}) | keys[] | select(endswith("/_._") | not)] | length > 0)
        | .key | split("/")),
      (.project.frameworks[].downloadDependencies[]
        | select(.name | test("^(Microsoft\\.(NETCore|AspNetCore)\\.App\\.Runtime|runtime)\\."))
        | [.name, (.version | capture("\\[(?<v>[^,\\]]+)").v)]),
      (.libraries | keys[] | select(test("^runtime\\..*\\.Microsoft\\.DotNet\\.ILCompiler/")) | split("/"))
    | @tsv' "$assets" | LC_ALL=C sort -u | while IFS=$'\t' read -r id version; do
    folder=$packages${id,,}/${version,,}
    hash=$(base64 -d "$folder/${id,,}.$version.nupkg.sha512" | od -An -v -tx1 | tr -d ' \n')
    licence=$(sed -n 's/.*<license type="expression">\([^<]*\)<.*/\1/p' "$folder/${id,,}.nuspec" | head -n 1)
    jq -cn --arg name "$id" --arg version "$version" --arg hash "$hash" --arg licence "$licence" \
      '{kind: "nuget", $name, $version, $licence, algorithm: "SHA512", $hash}'
  done
}

# add_referrer <name> <file> <descriptor of the image>: a manifest with the image as its subject (OCI image-spec v1.1, artifacts).
add_referrer() {
  local name=$1 spdx=$2 image=$3 digest size empty_digest empty_size file=$work/referrer
  printf '{}' >"$file"
  read -r empty_digest empty_size < <(add_blob "$file")
  cp "$spdx" "$file"
  read -r digest size < <(add_blob "$file")
  jq -cn --arg digest "$digest" --argjson size "$size" --arg title "$(basename "$spdx")" --arg empty "$empty_digest" \
    --argjson emptySize "$empty_size" --arg created "$created" --argjson image "$image" '{
      schemaVersion: 2, mediaType: "application/vnd.oci.image.manifest.v1+json", artifactType: "application/spdx+json",
      config: {mediaType: "application/vnd.oci.empty.v1+json", digest: $empty, size: $emptySize},
      layers: [{mediaType: "application/spdx+json", digest: $digest, size: $size,
        annotations: {"org.opencontainers.image.title": $title}}],
      subject: ($image | del(.platform)),
      annotations: {"org.opencontainers.image.created": $created}}' >"$file"
  read -r digest size < <(add_blob "$file")
  add_ref application/vnd.oci.image.manifest.v1+json "$digest" "$size" "$name-$revision.spdx"
}

# sbom_subject <name>: the digest of the image's only platform, which the bill of materials refers to.
sbom_subject() {
  local digest
  digest=$(awk -v name="$1" '$1 == name { print $3 }' "$image_layout/images")
  jq -r '.manifests[0].digest' "$(blob "$digest")"
}
