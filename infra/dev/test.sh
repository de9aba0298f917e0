# shellcheck shell=bash
# ./dev test [--quick] [filter]: builds everything, runs the test projects, ends with "N passed, N failed, N skipped".
# With --quick neither root nor servers: what needs a real peer is skipped and says which, processes from end to end are left out.

dev_test() {
  local filter='' quick='' argument projects=() project
  for argument in "$@"; do
    if [ "$argument" = --quick ]; then quick=yes; else filter=$argument; fi
  done

  while IFS= read -r project; do
    project=$(basename "$project" .csproj)
    if grep -qiF -- "$filter" <<<"$project"; then projects+=("$project"); fi
  done < <(find tests -name '*.Tests.csproj' -not -path '*/obj/*' | sort)
  [ ${#projects[@]} -gt 0 ] || die "no test project's name contains \"$filter\""

  need_dotnet
  if [ -n "$quick" ]; then
    test_quickly "${projects[@]}"
    return
  fi
  need_linker
  need curl jq skopeo age openssl zstd
  need_nginx
  need_registry
  need_cosign
  want_cosign3
  need_postgres
  need_rabbitmq
  need_grpcio
  need_faketime
  need_kubectl
  need_kubernetes_models
  need_promtool
  need_etcd
  need_swift
  need_s3rver
  need_cel
  export EBB_REQUIRE_PEERS=1
  export EBB_EXECUTABLE=$artifacts/bin/AllInOne/debug/ebb
  export EBB_NATIVE_IMAGEMIRROR=$artifacts/native/publish/ImageMirror/release/Ebb.ImageMirror

  step "building the solution"
  build "the build" build Functions.sln
  case " ${projects[*]} " in
    *" EndToEnd.Tests "*)
      step "building ImageMirror and the sample app as native binaries"
      publish_native functions/ImageMirror
      publish_native tests/Worker.SampleApp
      ;;
  esac
  case " ${projects[*]} " in
    *" Scaler.Tests "*)
      step "building the scaler as a native binary"
      publish_native keda/Scaler
      export EBB_NATIVE_SCALER=$artifacts/native/publish/Scaler/release/Ebb.Scaler
      ;;
  esac
  stop_compiler

  step "running ${#projects[@]} test projects"
  run_projects "${projects[@]}"
  report_projects "${projects[@]}"
}

test_quickly() {
  local project projects=()
  for project in "$@"; do
    [ "$project" = EndToEnd.Tests ] || projects+=("$project")
  done
  step "building the solution"
  build "the build" build Functions.sln
  stop_compiler
  step "running ${#projects[@]} test projects without peers"
  run_projects "${projects[@]}"
  report_projects "${projects[@]}" | awk '/\[SKIP\]/ { skipped = 1; next } skipped { reasons[$0]++; skipped = 0; next } { print } END { for (reason in reasons) printf "%6d skipped: %s\n", reasons[reason], reason }'
  return "${PIPESTATUS[0]}"
}

# Two at a time on two processors; the end-to-end tests, which start processes of their own, at the end and alone.
run_projects() {
  local project running=0 limit
  limit=$(processors)
  for project in "$@"; do
    [ "$project" != EndToEnd.Tests ] || continue
    if [ "$running" -ge "$limit" ]; then
      wait -n || true
      running=$((running - 1))
    fi
    run_project "$project" &
    pids+=($!)
    running=$((running + 1))
  done
  wait
  case " $* " in *" EndToEnd.Tests "*) run_project EndToEnd.Tests & pids+=($!); wait ;; esac
}

# In a process group of its own, so that nothing a test started outlives its project.
run_project() {
  local project=$1 log=$work/$1.log xml=$work/$1.xml began=$SECONDS code=0 group
  setsid timeout -k 20 900 "$artifacts/bin/$project/debug/Ebb.$project" -noColor -xml "$xml" >"$log" 2>&1 </dev/null &
  group=$!
  trap 'kill -TERM -- "-$group" 2>/dev/null; wait "$group"; kill -KILL -- "-$group" 2>/dev/null; exit 143' TERM
  wait "$group" || code=$?
  kill -KILL -- "-$group" 2>/dev/null || true
  echo "$code" >"$work/$project.code"
  read -r passed failed skipped < <(count_project "$project")
  if [ "$code" -eq 0 ] && [ "$failed" -eq 0 ]; then
    good "$(printf '%-26s %4d passed  %3d skipped  %4d s' "$project" "$passed" "$skipped" $((SECONDS - began)))"
  else
    bad "$(printf '%-22s %4d passed  %3d failed   %4d s' "$project" "$passed" "$failed" $((SECONDS - began)))"
  fi
}

# Passed, failed and skipped. A project that crashed, ran out of time or executed nothing counts as one failure.
count_project() {
  local project=$1 xml=$work/$1.xml code counts passed=0 failed=0 skipped=0 errors=0
  code=$(cat "$work/$project.code" 2>/dev/null || echo 1)
  if [ -s "$xml" ]; then
    counts=$(grep -o '<assembly [^>]*>' "$xml" | head -n 1)
    passed=$(attribute passed "$counts")
    failed=$(attribute failed "$counts")
    skipped=$(attribute skipped "$counts")
    errors=$(attribute errors "$counts")
  fi
  failed=$((failed + errors))
  if [ "$failed" -eq 0 ] && { [ "$code" -ne 0 ] || [ $((passed + skipped)) -eq 0 ]; }; then failed=1; fi
  echo "$passed $failed $skipped"
}

attribute() {
  local value
  value=$(sed -n "s/.* $1=\"\([0-9]*\)\".*/\1/p" <<<"$2")
  echo "${value:-0}"
}

report_projects() {
  local project passed failed skipped all_passed=0 all_failed=0 all_skipped=0
  for project in "$@"; do
    read -r passed failed skipped < <(count_project "$project")
    all_passed=$((all_passed + passed)) all_failed=$((all_failed + failed)) all_skipped=$((all_skipped + skipped))
    if [ "$failed" -gt 0 ]; then
      printf '\n%s%s%s\n' "$bold" "$project (exit code $(cat "$work/$project.code" 2>/dev/null || echo '?'))" "$plain"
      failures "$work/$project.log"
    elif [ "$skipped" -gt 0 ]; then
      grep -F '[SKIP]' -A 1 "$work/$project.log" || true
    fi
  done
  step "tests done"
  for project in "$@"; do
    sed -n "s/^ *\(.*\) \[FAIL\]$/failed: $project: \1/p" "$work/$project.log" 2>/dev/null || true
  done
  printf '\n%d passed, %d failed, %d skipped\n' "$all_passed" "$all_failed" "$all_skipped"
  [ "$all_failed" -eq 0 ]
}

# What a person needs of a project's output: its failures if it names some, else its end.
failures() {
  local log=$1
  if grep -q 'Total: 0$' "$log"; then
    echo "no test ran: a test project without tests proves nothing"
  elif grep -q '\[FAIL\]' "$log"; then
    awk '/\[(SKIP|PASS)\]/ { shown = 0 } /\[FAIL\]/ { shown = 1 } /TEST EXECUTION SUMMARY/ { shown = 0 } shown' "$log" | head -n 400
  else
    tail -n 60 "$log"
  fi
}
