# shellcheck shell=bash
# ./dev bench [mirror | startup | file-queue]: figures as tables for tests/Benchmarks/README.md.

dev_bench() {
  local name names=(mirror startup file-queue)
  [ $# -eq 0 ] || names=("$@")
  for name in "${names[@]}"; do
    case $name in
      mirror | startup | file-queue) ;;
      *) die "there is no benchmark \"$name\": mirror, startup and file-queue exist" ;;
    esac
  done
  need_dotnet
  need curl jq skopeo time:/usr/bin/time
  need_registry
  local part
  for part in registry layout bench-images ebb; do
    # shellcheck source=/dev/null
    source "infra/dev/$part.sh"
  done

  step "building for release"
  build "the build" build tests/Benchmarks -c Release
  export EBB_BENCH_ARTIFACTS=$artifacts EBB_BENCH_SCRATCH=$work
  for name in "${names[@]}"; do
    case $name in
      mirror) bench_mirror ;;
      startup) bench_startup ;;
      file-queue) ;;
    esac
    stop_compiler
    step "measuring: $name"
    run "$artifacts/bin/Benchmarks/release/Ebb.Benchmarks" "$name" || die "the benchmark \"$name\" failed; its output is above"
  done
}

bench_mirror() {
  build_release functions/AllInOne
  unpack sid crane usr/bin/crane crane
  crane version >/dev/null || die "crane of Debian unstable does not run here any more: put another one on PATH"
  bench_images
  make_secrets "$work/secrets"
  export EBB_BENCH_SOURCE=$bench_storage EBB_BENCH_KEY=$work/secrets/cosign.key EBB_BENCH_PASSWORD_FILE=$work/secrets/signing-password
}

bench_startup() {
  build_release tests/Benchmarks/BareSlimHost
  build_release functions/ImageMirror
  build_release functions/AllInOne
}

# build_release <project folder>: just in time and native.
build_release() {
  step "building $(basename "$1"), just in time and native"
  build "the build of $1" publish "$1" -c Release -r "$(runtime_identifier)"
  need_linker
  build "the native build of $1" publish "$1" -c Release -p:Native=true
}
