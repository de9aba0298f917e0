# shellcheck shell=bash
# The demo's images: programs of Debian 12 that are linked statically, on one shared base, and one layer over 200 MB.

# demo_images: sets $demo_layout; made once, again when this file or the builder changes.
demo_images() {
  local stamp architecture version
  stamp=$(cat infra/dev/demo-images.sh infra/dev/layout.sh | sha256sum | cut -c 1-16)
  demo_layout=$cache/images/demo-$stamp
  if [ -e "$demo_layout/done" ]; then return; fi
  step "making the images out of Debian packages"
  rm -rf "$cache"/images/demo-*
  begin_layout "$demo_layout"
  for architecture in "${architectures[@]}"; do
    # shellcheck disable=SC2016 # run inside the package
    package_layer "base-$architecture" busybox-static "$architecture" '
      ln -s bin sbin && for tool in sh ls cat cp mv rm mkdir ps env wget tar gzip vi; do ln -s busybox "bin/$tool"; done'
    package_layer "tini-$architecture" tini "$architecture"
    package_layer "catatonit-$architecture" catatonit "$architecture"
    package_layer "bash-$architecture" bash-static "$architecture"
    package_layer "sash-$architecture" sash "$architecture"
    package_layer "zsh-$architecture" zsh-static "$architecture"
  done
  for version in 1.34.1 1.35.0 1.36.0 1.36.1 2.0.0; do text_layer "busybox-$version" etc/version "$version"; done
  say "one layer of 210 MB"
  random_layer model 210

  for version in 1.34.1 1.35.0 1.36.0 1.36.1 2.0.0; do add_image busybox "$version" base-% "busybox-$version"; done
  add_image tini 0.19 base-% tini-%
  add_image catatonit 0.1 base-% catatonit-%
  add_image catatonit latest base-% catatonit-%
  add_image bash 5.2 base-% bash-%
  add_image sash 3.8 base-% sash-%
  add_image zsh 5.9 base-% zsh-%
  add_image model 1.0 base-% model
  touch "$demo_layout/done"
  say "$(wc -l <"$demo_layout/images") tags, each for ${architectures[*]}, $(du -sh "$demo_layout/blobs" | cut -f 1) of blobs"
}
