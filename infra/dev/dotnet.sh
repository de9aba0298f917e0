# shellcheck shell=bash
# The .NET SDK: checked, and used so that nothing of it lives on after ./dev.

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_WORKLOAD_UPDATE_NOTIFY_DISABLE=true
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0
compiler=''

need_dotnet() {
  command -v dotnet >/dev/null ||
    die "the .NET 10 SDK is missing: get it at https://dotnet.microsoft.com/download/dotnet/10.0"
  need ca-certificates:/etc/ssl/certs/ca-certificates.crt libssl3:/usr/lib/*/libssl.so.3
  # Without ICU the command line does not start unless it is told to do without.
  compgen -G '/usr/lib/*/libicuuc.so.*' >/dev/null || export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1
  local version
  version=$(dotnet --version 2>/dev/null) ||
    die "the .NET SDK that global.json asks for is missing: get .NET 10 at https://dotnet.microsoft.com/download/dotnet/10.0"
  case $version in
    10.*) ;;
    *) die ".NET SDK $version found, .NET 10 is needed: get it at https://dotnet.microsoft.com/download/dotnet/10.0" ;;
  esac
}

# What linking a native binary needs.
need_linker() { need gcc zlib1g-dev:/usr/include/zlib.h libc6-dev:/usr/include/stdio.h; }

# build <what> <dotnet arguments…>: with a compiler server of this run's own, so that ending it disturbs nobody.
build() {
  local what=$1
  shift
  compiler=ebb-dev-$$
  quietly "$what" dotnet "$@" -nologo -v:quiet -p:UseSharedCompilation=true "-p:SharedCompilationId=$compiler"
}

stop_compiler() {
  [ -n "$compiler" ] || return 0
  local server
  server=$(dirname "$(readlink -f "$(command -v dotnet)")")/sdk/$(dotnet --version 2>/dev/null)/Roslyn/bincore/VBCSCompiler.dll
  if [ -e "$server" ]; then dotnet "$server" -shutdown "-pipename:$compiler" >/dev/null 2>&1 || true; fi
  compiler=''
}

runtime_identifier() {
  case $(uname -m) in
    x86_64) echo linux-x64 ;;
    aarch64) echo linux-arm64 ;;
    *) die "there is no .NET for $(uname -m) here" ;;
  esac
}

# publish_native <project>: the native binary's path is artifacts/native/publish/<name>/release/.
publish_native() {
  build "the native build of $1" publish "$1" -c Release -p:Native=true
}
