# shellcheck shell=bash
# The base that all images share: files of Debian packages (infra/images/base.list) in locked versions (base.lock).

base_suite=bookworm-security

# base_packages <architecture>: each package of the list with its architecture, and the patterns of the files to keep.
base_packages() { sed -E "/^#/d; s/^([a-z0-9.-]+) /\1:$1 /" infra/images/base.list; }

# locked <package>:<architecture>: its version and SHA-256.
locked() {
  awk -v package="$1" '$1 == package { print $2, $3; found = 1 } END { exit !found }' infra/images/base.lock ||
    die "infra/images/base.lock has no $1; ./dev images --update writes it"
}

# base_deb <package>:<architecture>: the path of the package, the very one that was locked.
base_deb() {
  local version hash deb
  read -r version hash < <(locked "$1") || return 1
  deb=$(fetch_deb "$base_suite" "${1%:all}=$version") ||
    die "Debian no longer has $1 $version, the images' base asks for it; ./dev images --update takes the current one"
  [ "$(sha256sum <"$deb" | cut -d ' ' -f 1)" = "$hash" ] ||
    die "$deb is not the package of infra/images/base.lock: its SHA-256 is another; delete the file and try again"
  echo "$deb"
}

# update_base: the newest versions of Debian 12 with its security updates.
update_base() {
  local package architecture deb lock=$work/base.lock
  (apt_update "$base_suite")
  for architecture in amd64 arm64; do
    while read -r package _; do
      rm -rf "$cache/debs/$base_suite/${package%:all}"
      deb=$(fetch_deb "$base_suite" "${package%:all}") || return 1
      echo "$package $(dpkg-deb -f "$deb" Version) $(sha256sum <"$deb" | cut -d ' ' -f 1)"
    done < <(base_packages "$architecture")
  done | sort -u >"$lock"
  if diff infra/images/base.lock "$lock"; then step "infra/images/base.lock is up to date"; else
    cp "$lock" infra/images/base.lock
    step "infra/images/base.lock has the versions above (>): read, build, check and commit"
  fi
}

# base_layer <architecture>: the layer base-<architecture>.
base_layer() {
  local architecture=$1 package patterns deb tree
  tree=$(mktemp -d "$work/base.XXXXXX")
  chmod 755 "$tree"
  # One tree for libraries, as Debian has it since version 12.
  mkdir -p "$tree"/usr/{lib,lib64} "$tree"/etc/ebb "$tree"/var/lib/dpkg/status.d
  ln -s usr/lib "$tree/lib"
  ln -s usr/lib64 "$tree/lib64"
  install -d -m 1777 "$tree/tmp"
  while read -r package patterns; do
    deb=$(base_deb "$package") || return 1
    keep_files "$deb" "$tree" "$patterns"
    # Where vulnerability scanners look for packages when there is no package manager.
    dpkg-deb -f "$deb" >"$tree/var/lib/dpkg/status.d/${package%:*}"
  done < <(base_packages "$architecture")
  base_certificates "$tree"
  base_accounts "$tree"
  chmod -R u=rwX,go=rX "$tree"
  chmod 1777 "$tree/tmp"
  find "$tree/usr/lib" -name '*.so*' -type f -exec chmod 755 {} +
  tar_of "$tree" | add_layer "base-$architecture"
  rm -rf "$tree"
}

# keep_files <deb> <tree> <patterns>: those files and the package's copyright.
keep_files() {
  local unpacked pattern file kept
  unpacked=$(mktemp -d "$work/deb.XXXXXX")
  dpkg-deb -x "$1" "$unpacked"
  for pattern in $3; do
    kept=0
    while IFS= read -r file; do
      # cp follows $tree/lib to usr/lib; --parents would replace it.
      mkdir -p "$2/$(dirname "$file")"
      cp -a "$unpacked/$file" "$2/$file"
      kept=1
    done < <(cd "$unpacked" && compgen -G "$pattern")
    [ "$kept" = 1 ] || die "$(basename "$1") has no file like $pattern; infra/images/base.list wants it"
  done
  # A library's name is often a link.
  while IFS= read -r file; do
    cp -aL --remove-destination "$unpacked/${file#"$2/"}" "$file"
  done < <(find "$2/usr/lib" -type l -name '*.so*' ! -exec test -e {} \; -print)
  find "$unpacked/usr/share/doc" -name copyright -printf '%P\n' 2>/dev/null | while IFS= read -r file; do
    install -D -m 644 "$unpacked/usr/share/doc/$file" "$2/usr/share/doc/$file"
  done
  rm -rf "$unpacked"
}

# What Debian's maintainer scripts would make of the packages.
base_certificates() {
  local tree=$1
  mkdir -p "$tree/etc/ssl/certs" "$tree/usr/lib/ssl"
  find "$tree/usr/share/ca-certificates/mozilla" -name '*.crt' | LC_ALL=C sort | xargs -d '\n' cat >"$tree/etc/ssl/certs/ca-certificates.crt"
  rm -r "$tree/usr/share/ca-certificates"
  ln -s /etc/ssl/certs "$tree/usr/lib/ssl/certs"
  ln -s /etc/ssl/certs/ca-certificates.crt "$tree/usr/lib/ssl/cert.pem"
  ln -s /etc/ssl/openssl.cnf "$tree/usr/lib/ssl/openssl.cnf"
  # Copies of all zones, with leap seconds and without, under other names.
  rm -rf "$tree/usr/share/zoneinfo/right" "$tree/usr/share/zoneinfo/posix"
}

base_accounts() {
  local tree=$1
  printf 'root:x:0:0:root:/root:/sbin/nologin\nnonroot:x:65532:65532:nonroot:/tmp:/sbin/nologin\n' >"$tree/etc/passwd"
  printf 'root:x:0:\nnonroot:x:65532:\n' >"$tree/etc/group"
  printf 'passwd: files\ngroup: files\nhosts: files dns\n' >"$tree/etc/nsswitch.conf"
  ln -s ../usr/lib/os-release "$tree/etc/os-release"
}
