# shellcheck shell=bash
# ./dev manifests [arguments of ebb manifests]: writes keda/generated from the functions.

dev_manifests() {
  need_dotnet
  # shellcheck source=/dev/null
  source infra/dev/ebb.sh
  build_ebb
  step "writing the manifests"
  "$ebb" manifests --chart infra/chart "$@"
}

# Used by ./dev lint after its build.
lint_manifests() {
  if ! run "$artifacts/bin/AllInOne/debug/ebb" manifests --chart infra/chart --check; then
    bad "./dev manifests   puts it right"
    return 1
  fi
  # With every app turned on: a set in which a right could be used to gain another is refused.
  run "$artifacts/bin/AllInOne/debug/ebb" manifests --settings tests/Manifests.Tests/Data/configured.json --output "$work/manifests"
}
