# shellcheck shell=bash
# Real registries on loopback.

# start_registry <name> <directory> [user password]: sets $registry to its host:port. Its requests are logged in
# $work/<name>.log, one line each.
start_registry() {
  local name=$1 directory=$2 user=${3:-} password=${4:-} port config=$work/$1.yml
  port=$(free_port)
  registry=127.0.0.1:$port
  mkdir -p "$directory"
  cat >"$config" <<YAML
version: 0.1
log: { level: error }
storage:
  filesystem: { rootdirectory: "$directory" }
  cache: { blobdescriptor: inmemory }
  delete: { enabled: true }
http: { addr: "$registry", secret: "$RANDOM$RANDOM" }
YAML
  if [ -n "$user" ]; then
    htpasswd "$user" "$password" >"$work/$name.htpasswd"
    printf 'auth: { htpasswd: { realm: "%s", path: "%s" } }\n' "$name" "$work/$name.htpasswd" >>"$config"
  fi
  start "$work/$name.log" docker-registry serve "$config"
  await "the registry \"$name\" on $registry" 20 curl -s "http://$registry/v2/"
}

# A line of an htpasswd file. The registry accepts bcrypt only, which Debian's libcrypt knows and its perl can call.
htpasswd() {
  # shellcheck disable=SC2016 # perl's variables
  perl -e '
    my ($user, $password) = @ARGV;
    my @digits = ("a".."z", "A".."Z", "0".."9");
    my $salt = join "", map { $digits[rand @digits] } 1..21;
    print "$user:", crypt($password, "\$2y\$05\$${salt}u"), "\n"' "$1" "$2"
}

# requests <log> [method]…: how many requests a registry answered, of these methods if some are given.
requests() {
  local log=$1 methods
  shift
  methods=$(IFS='|' && echo "${*:-[A-Z]+}")
  grep -cE "\"($methods) /v2/" "$log" || true
}
