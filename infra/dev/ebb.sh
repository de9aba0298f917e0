# shellcheck shell=bash
# ebb with everything it needs for a run on this machine: keys, a list of images, settings.

ebb=$artifacts/bin/AllInOne/release/ebb

build_ebb() {
  step "building ebb"
  build "the build" build functions/AllInOne -c Release
  stop_compiler
}

build_native_ebb() {
  step "building ebb as a native binary"
  need_linker
  publish_native functions/AllInOne
  stop_compiler
  ebb=$artifacts/native/publish/AllInOne/release/ebb
}

random_word() { head -c 24 /dev/urandom | od -An -tx1 | tr -d ' \n'; }

# make_secrets <directory>: a signing key with its password, a function key, the admin key; those that exist stay.
make_secrets() {
  local directory=$1
  (
    umask 077
    mkdir -p "$directory/function-keys"
    [ -e "$directory/signing-password" ] || random_word >"$directory/signing-password"
    [ -e "$directory/function-keys/host.function.pipeline" ] || random_word >"$directory/function-keys/host.function.pipeline"
    [ -e "$directory/function-keys/host.master" ] || random_word >"$directory/function-keys/host.master"
  )
  if [ ! -e "$directory/cosign.key" ]; then
    quietly "ebb signing generate-key" \
      "$ebb" signing generate-key --output-key-prefix "$directory/cosign" --password-file "$directory/signing-password"
  fi
}

# start_ebb <secrets> <storage> <images.yaml> [setting=value]…: sets $ebb_url and $ebb_pid; it logs to $work/ebb.log.
start_ebb() {
  local secrets=$1 storage=$2 images=$3
  shift 3
  ebb_url=http://127.0.0.1:$(free_port)
  start "$work/ebb.log" env "Storage=sqlite:$storage/ebb.db" "ImageMirror__ImagesFile=$images" \
    "Signing__Key=$secrets/cosign.key" "Signing__PasswordFile=$secrets/signing-password" \
    "FunctionKeys__Directory=$secrets/function-keys" "$@" "$ebb" start --urls "$ebb_url"
  ebb_pid=$started
  if ! answers_in_time "$ebb_url/healthz/ready" 60; then
    tail -n 40 "$work/ebb.log" >&2
    die "ebb did not become ready; its log is above"
  fi
}

answers_in_time() {
  local until=$((SECONDS + $2))
  until curl -sf -o /dev/null "$1"; do
    if [ "$SECONDS" -ge "$until" ] || ! kill -0 "$ebb_pid" 2>/dev/null; then return 1; fi
    sleep 0.1
  done
}
