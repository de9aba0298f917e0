# shellcheck shell=bash
# ./dev lint: formatting, analyzers, shell scripts, texts. Every check runs; the exit code says whether all were fine.

dev_lint() {
  local failed=0
  need_dotnet

  step "formatting of the C# files"
  if ! run dotnet format whitespace --folder . --verify-no-changes --exclude artifacts .cache; then
    bad "dotnet format whitespace --folder . --exclude artifacts .cache   puts it right"
    failed=1
  fi
  step "shell scripts"
  lint_shell || failed=1
  step "texts"
  lint_texts || failed=1
  lint_readme || failed=1
  step "compiler and analyzers, warnings as errors"
  build "the build" build Functions.sln
  step "manifests"
  # shellcheck source=/dev/null
  source infra/dev/manifests.sh
  lint_manifests || failed=1

  if [ "$failed" -ne 0 ]; then die "lint found what is named above"; fi
  step "lint found nothing"
}

shell_scripts() { git ls-files --cached --others --exclude-standard dev .ci/run '*.sh'; }

# Files that people wrote. Test data is as its source has it.
texts() {
  git ls-files --cached --others --exclude-standard |
    grep -vE '(^|/)(Data|Vectors|Golden|Fixtures|TestData)/|\.(pem|key|pub|bin|gz|tar|sln)$' | while IFS= read -r file; do
    if [ -s "$file" ] && grep -qI . "$file"; then printf '%s\n' "$file"; fi
  done
}

lint_shell() {
  local script failed=0
  while IFS= read -r script; do bash -n "$script" || failed=1; done < <(shell_scripts)
  want_shellcheck
  if command -v shellcheck >/dev/null; then
    # SC2154, SC2034: the parts in infra/dev share variables that one of them sets and another uses.
    shell_scripts | xargs -d '\n' shellcheck --external-sources --exclude=SC2154,SC2034 || failed=1
  fi
  return "$failed"
}

want_shellcheck() {
  command -v shellcheck >/dev/null && return
  (unpack bookworm shellcheck usr/bin/shellcheck shellcheck) >"$work/shellcheck.log" 2>&1 || true
  hash -r
  if ! shellcheck --version >/dev/null 2>&1; then
    say "shellcheck is not to be had here; the scripts were checked for syntax only"
  fi
}

# A line may say why it is right with "lint: allow".
lint_texts() {
  local failed=0 files file
  mapfile -t files < <(texts)
  refuse 'unfinished work' '\b(TODO|FIXME|XXX|HACK)\b|NotImplementedException' || failed=1 # lint: allow
  refuse "a path of somebody's machine" '(^|[^\w.~$}{/-])/(home|Users)/[a-z]+/' || failed=1
  refuse 'white space at the end of a line' '[ \t]+$' || failed=1
  refuse 'a carriage return' '\r$' || failed=1
  for file in "${files[@]}"; do
    if [ -n "$(tail -c 1 "$file")" ]; then
      bad "$file does not end with a line feed"
      failed=1
    fi
  done
  return "$failed"
}

# refuse <what is wrong> <Perl pattern>: over the caller's files.
refuse() {
  if grep -nHP -- "$2" "${files[@]}" | grep -v 'lint: allow'; then
    bad "$1"
    return 1
  fi
}

# The commands and links that the documentation shows exist.
lint_readme() {
  local failed=0 page link command
  [ -e README.md ] || { bad "README.md is missing"; return 1; }
  while IFS= read -r page; do
    while IFS= read -r command; do
      if ! ./dev help | grep -q "^  $command\b"; then
        bad "$page shows \"$command\", which does not exist"
        failed=1
      fi
    done < <(grep -oE '(^|[ `])\./dev [a-z]+' "$page" | grep -oE '\./dev [a-z]+' | sort -u)
    while IFS= read -r link; do
      if [ ! -e "$(dirname "$page")/$link" ]; then
        bad "$page links to $link, which does not exist"
        failed=1
      fi
    done < <(grep -oE '\]\([^)#: ]+(#[^)]*)?\)' "$page" | sed -E 's/^\]\(([^)#]+).*$/\1/' | sort -u)
  done < <(git ls-files --cached --others --exclude-standard '*.md')
  return "$failed"
}
