# shellcheck shell=bash
# Programs from npm, each with a pinned version, in .cache/npm; nothing of theirs is run while they are installed.

# need_npm <package> <version>: installs a package unless this version of it is there.
need_npm() {
  local package=$1 version=$2 target=$cache/npm/$1-$2
  [ ! -e "$target/node_modules/$package/package.json" ] || return 0
  need nodejs:node npm
  step "installing $package $version from npm"
  mkdir -p "$(dirname "$target")" "$(dirname "$work/npm-$package")"
  rm -rf "$target"
  quietly "npm install $package@$version" \
    npm install --prefix "$work/npm-$package" --no-save --ignore-scripts --no-audit --no-fund "$package@$version"
  mv -T "$work/npm-$package" "$target"
}

# An S3 server that is not ours.
need_s3rver() {
  local version=3.7.1
  need nodejs:node
  need_npm s3rver "$version"
  export EBB_S3RVER=$cache/npm/s3rver-$version/node_modules/s3rver/bin/s3rver.js
}

# An evaluator of CEL, in which policies of admission are written.
need_cel() {
  local version=0.6.1
  need nodejs:node
  need_npm @bufbuild/cel "$version"
  export EBB_CEL=$cache/npm/@bufbuild/cel-$version/node_modules
}
