# shellcheck shell=bash
# The benchmark's images: 20 of them for amd64 and arm64, layers shared, 2 GB in all (for smoke 40 MB), in the storage of a registry.

# bench_images: sets $bench_storage; made once, again when this file or the builder changes.
bench_images() {
  local stamp architecture number base=50 runtime=40 own=30 size="2 GB"
  if [ -n "${smoke:-}" ]; then base=1 runtime=1 own=1 size="40 MB"; fi
  stamp=$(cat infra/dev/bench-images.sh infra/dev/layout.sh | sha256sum | cut -c 1-16)
  bench_storage=$cache/images/bench$base-$stamp/registry
  if [ -e "$bench_storage/done" ]; then return; fi
  step "making $size of images; this is done once"
  rm -rf "$cache/images/bench$base"-* "$cache"/images/bench-*
  begin_layout "$cache/images/bench$base-$stamp/layout"
  for architecture in "${architectures[@]}"; do
    # Four bases, five runtimes, a layer of its own for each image.
    for number in 1 2 3 4; do spare_processor; random_layer "base$number-$architecture" "$base" & done
    for number in 1 2 3 4 5; do spare_processor; random_layer "runtime$number-$architecture" "$runtime" & done
    for number in {1..20}; do spare_processor; random_layer "app$number-$architecture" "$own" & done
  done
  wait
  for number in {1..20}; do
    add_image "app$number" 1.0 "base$((number % 4 + 1))-%" "runtime$((number % 5 + 1))-%" "app$number-%"
  done

  start_registry benchmark "$bench_storage"
  push_images "$layout" "$registry/bench" "$(processors)" || die "the images could not be pushed"
  stop "$started"
  rm -rf "$layout"
  touch "$bench_storage/done"
  say "$(du -sh "$bench_storage" | cut -f 1) in $bench_storage"
}

# Waits until fewer jobs run than there are processors.
spare_processor() {
  while [ "$(jobs -rp | wc -l)" -ge "$(processors)" ]; do wait -n || true; done
}
