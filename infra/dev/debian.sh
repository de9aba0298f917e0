# shellcheck shell=bash
# Programs from Debian: installed when they belong to Debian 12, unpacked into .cache/ when they do not.

export PATH=$cache/tools/bin:$PATH

# need <package>[:<proof>]…: every package is there, installed now if it is not. The proof is a command, or a file
# when it holds a slash; default the package's own name.
need() {
  local missing=() wanted package proof
  for wanted in "$@"; do
    package=${wanted%%:*} proof=${wanted#*:}
    case $proof in
      */*) compgen -G "$proof" >/dev/null || missing+=("$package") ;;
      *) command -v "$proof" >/dev/null || missing+=("$package") ;;
    esac
  done
  [ ${#missing[@]} -gt 0 ] || return 0

  command -v apt-get >/dev/null ||
    die "this needs ${missing[*]}, and there is no apt-get here to install them: use Debian 12, or install them yourself"
  [ "$(id -u)" -eq 0 ] ||
    die "${missing[*]} not installed and this is not root; run: sudo apt-get update && sudo apt-get install -y --no-install-recommends ${missing[*]}"
  step "installing ${missing[*]}"
  quietly "apt-get update" apt-get -q update
  quietly "apt-get install ${missing[*]}" \
    env DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends "${missing[@]}"
}

# need_at_rest <service>… -- <package>[:<proof>]…: like need, for packages whose services this machine is not to run:
# they are neither started now nor at the next boot. Services that were there before are left as they are.
need_at_rest() {
  local services=() service unit policy=/usr/sbin/policy-rc.d
  while [ "$1" != -- ]; do
    [ -e "/lib/systemd/system/$1.service" ] || services+=("$1")
    shift
  done
  shift
  if [ "$(id -u)" -eq 0 ] && [ ! -e "$policy" ]; then
    leftovers+=("$policy")
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
  fi
  need "$@"
  remove_leftovers
  for service in "${services[@]}"; do
    if [ -e "/etc/init.d/$service" ]; then quietly "update-rc.d $service disable" update-rc.d "$service" disable; fi
    for unit in "$service.service" "$service.socket"; do
      if [ -e "/lib/systemd/system/$unit" ] && command -v systemctl >/dev/null; then
        quietly "systemctl disable $unit" systemctl disable "$unit"
      fi
    done
  done
}

# The Debian mirror that this system's own apt uses.
debian_mirror() {
  local mirror
  # shellcheck disable=SC2016 # apt fills these in
  mirror=$(apt-get indextargets --format '$(COMPONENT) $(RELEASE) $(REPO_URI)' 'Created-By: Packages' 2>/dev/null |
    awk '$1 == "main" && $2 ~ /^(bookworm|stable)$/ && $3 ~ /^https?:/ { print $3; exit }') || true
  echo "${mirror:-http://deb.debian.org/debian/}"
}

# apt_for <suite> <apt command…>: apt with lists, sources and cache of its own under .cache/apt/<suite>; the system's
# are not touched. Release files are verified with Debian's archive keyring as always; only how old they are does not
# matter, because mirrors may be frozen ones.
apt_for() {
  local suite=$1 dir=$cache/apt/$1
  shift
  apt-get -qq -c "$dir/apt.conf" "$@"
}

apt_configure() {
  local suite=$1 mirror=$2 dir=$cache/apt/$1 keyring=/usr/share/keyrings/debian-archive-keyring.gpg
  [ -e "$keyring" ] || die "$keyring is missing: install debian-archive-keyring"
  mkdir -p "$dir/lists/partial" "$dir/cache/archives/partial"
  case $suite in
    # A release with what was put right since.
    *-security)
      printf "deb [signed-by=$keyring] %s main\n" "$mirror ${suite%-security}" "$mirror ${suite%-security}-updates" \
        "$(sed -E 's#/debian/?$#/debian-security#' <<<"$mirror") $suite" >"$dir/sources.list" ;;
    *) echo "deb [signed-by=$keyring] $mirror $suite main" >"$dir/sources.list" ;;
  esac
  cat >"$dir/apt.conf" <<CONF
Dir::State::Lists "$dir/lists";
Dir::State::status "/dev/null";
Dir::Cache "$dir/cache";
Dir::Etc::SourceList "$dir/sources.list";
Dir::Etc::SourceParts "-";
Dir::Etc::Preferences "-";
Dir::Etc::PreferencesParts "-";
APT::Architectures { "amd64"; "arm64"; };
APT::Sandbox::User "root";
APT::Get::List-Cleanup "false";
Acquire::Languages "none";
Acquire::Retries "3";
Acquire::Check-Valid-Until "false";
Acquire::IndexTargets::deb::DEP-11::DefaultEnabled "false";
Acquire::IndexTargets::deb::CNF::DefaultEnabled "false";
CONF
}

apt_update() {
  local suite=$1 mirror
  command -v apt-get >/dev/null || die "packages of Debian $suite are needed, and there is no apt-get here: use Debian 12"
  step "reading the package lists of Debian $suite"
  for mirror in "$(debian_mirror)" http://deb.debian.org/debian/; do
    apt_configure "$suite" "$mirror"
    if apt_for "$suite" update >"$work/apt.log" 2>&1; then return; fi
  done
  cat "$work/apt.log" >&2
  die "the package lists of Debian $suite could not be read; the reason is above"
}

# fetch_deb <suite> <package>[:<architecture>]: prints the path of the verified .deb. Call it in $(…): the lock that
# keeps two runs apart lasts as long as that shell.
fetch_deb() {
  local suite=$1 package=$2 dir=$cache/debs/$1/$2 deb attempt lock
  mkdir -p "$cache"
  exec {lock}>"$cache/lock"
  flock "$lock"
  for deb in "$dir"/*.deb; do
    if [ -e "$deb" ]; then echo "$deb"; return; fi
  done
  mkdir -p "$dir"
  for attempt in 1 2; do
    # The first try uses the lists at hand; they may be older than the archive.
    if [ "$attempt" = 2 ] || [ ! -e "$cache/apt/$suite/apt.conf" ]; then apt_update "$suite" >&2; fi
    if (cd "$dir" && apt_for "$suite" download "$package") >"$work/apt.log" 2>&1; then break; fi
    rm -f "$dir"/*.deb
  done
  for deb in "$dir"/*.deb; do
    [ -e "$deb" ] || { cat "$work/apt.log" >&2; die "Debian $suite gave no package $package; the reason is above"; }
    echo "$deb"
  done
}

# unpack <suite> <package> <binary inside> <name>: puts the program on PATH as <name> unless it is there already.
unpack() {
  local suite=$1 package=$2 binary=$3 name=$4 target=$cache/tools/$2-$1 deb
  if command -v "$name" >/dev/null; then return; fi
  deb=$(fetch_deb "$suite" "$package") || return 1
  step "unpacking $(basename "$deb") of Debian $suite"
  mkdir -p "$cache/tools/bin"
  dpkg -x "$deb" "$work/unpacked" || return 1
  rm -rf "$target"
  mv -T "$work/unpacked" "$target" || return 1
  ln -sfn "../$(basename "$target")/$binary" "$cache/tools/bin/$name"
  hash -r
}

# The registry server. Unpacked rather than installed: its package would start a service on port 5000.
need_registry() { unpack bookworm docker-registry usr/bin/docker-registry docker-registry; }

# Unpacked for the same reason: the package would start a service on port 80.
need_nginx() { unpack bookworm nginx usr/sbin/nginx nginx; }

# cosign 2 as in Debian 13.
need_cosign() {
  unpack trixie cosign usr/bin/cosign cosign
  EBB_COSIGN=$(command -v cosign)
  export EBB_COSIGN
}

# cosign 3, from Debian's unstable suite: a second opinion on the newer signature format, used where it runs.
want_cosign3() {
  if ! command -v cosign3 >/dev/null; then
    if ! (unpack sid cosign usr/bin/cosign cosign3) >"$work/cosign3.log" 2>&1; then
      say "cosign 3 is not to be had here; its checks are left out"
      return
    fi
    hash -r
  fi
  if cosign3 version >/dev/null 2>&1; then
    EBB_COSIGN3=$(command -v cosign3)
    export EBB_COSIGN3
  else
    say "cosign 3 does not run here; its checks are left out"
  fi
}

# PostgreSQL's programs; the tests start servers of their own. No cluster is made, no service started.
need_postgres() {
  local bin settings=/etc/postgresql-common/createcluster.d/ebb.conf
  if ! compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null && [ "$(id -u)" -eq 0 ]; then
    mkdir -p "$(dirname "$settings")"
    leftovers+=("$settings")
    echo 'create_main_cluster = false' >"$settings"
  fi
  need_at_rest postgresql -- postgresql:/usr/lib/postgresql/*/bin/initdb
  bin=$(compgen -G '/usr/lib/postgresql/*/bin' | sort -V | tail -n 1)
  EBB_POSTGRES_BIN=$bin
  export EBB_POSTGRES_BIN
}

# The server's own script: the one on PATH insists on the system's user, directories and log.
need_rabbitmq() {
  need_at_rest rabbitmq-server epmd -- rabbitmq-server:/usr/lib/rabbitmq/bin/rabbitmq-server
  export EBB_RABBITMQ_SERVER=/usr/lib/rabbitmq/bin/rabbitmq-server
}

# gRPC for Debian's own Python; another one on PATH does not have it.
need_grpcio() {
  need python3-grpcio:/usr/lib/python3/dist-packages/grpc/__init__.py \
    python3-protobuf:/usr/lib/python3/dist-packages/google/protobuf/__init__.py
  export EBB_PYTHON=/usr/bin/python3
}

# A library that gives a process a time of its own.
need_faketime() {
  local target=$cache/tools/libfaketime-bookworm deb
  if ! compgen -G "$target/usr/lib/*/faketime/libfaketime.so.1" >/dev/null; then
    deb=$(fetch_deb bookworm libfaketime) || return 1
    rm -rf "$target"
    mkdir -p "$target"
    dpkg -x "$deb" "$target"
  fi
  EBB_FAKETIME=$(compgen -G "$target/usr/lib/*/faketime/libfaketime.so.1")
  export EBB_FAKETIME
}

# kubectl as in Debian 13: `kubectl kustomize` needs no cluster.
need_kubectl() {
  unpack trixie kubectl usr/bin/kubectl kubectl
  EBB_KUBECTL=$(command -v kubectl)
  export EBB_KUBECTL
}

# The official client of Kubernetes for Debian's own Python: its models say what core objects may hold.
need_kubernetes_models() {
  need python3-kubernetes:/usr/lib/python3/dist-packages/kubernetes/__init__.py
  export EBB_PYTHON=/usr/bin/python3
}

# promtool checks alert rules. Unpacked: the package would start a server.
need_promtool() {
  unpack bookworm prometheus usr/bin/promtool promtool
  EBB_PROMTOOL=$(command -v promtool)
  export EBB_PROMTOOL
}

# etcd as in Debian 13, with etcdctl and etcdutl, and Debian 12's older server beside it. Unpacked: the packages would
# start a server.
need_etcd() {
  unpack trixie etcd-server usr/bin/etcd etcd
  unpack trixie etcd-client usr/bin/etcdctl etcdctl
  unpack bookworm etcd-server usr/bin/etcd etcd-3.4
  EBB_ETCD=$(command -v etcd)
  EBB_ETCDCTL=$(command -v etcdctl)
  EBB_ETCDUTL=$cache/tools/etcd-server-trixie/usr/bin/etcdutl
  EBB_ETCD34=$(command -v etcd-3.4)
  export EBB_ETCD EBB_ETCDCTL EBB_ETCDUTL EBB_ETCD34
}

# OpenStack Swift, an object store whose s3api speaks S3: the library alone, which brings no service. The tests run it.
need_swift() {
  need python3-swift:/usr/lib/python3/dist-packages/swift/__init__.py
  export EBB_SWIFT_PYTHON=/usr/bin/python3
}
