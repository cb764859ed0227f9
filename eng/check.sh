#!/usr/bin/env bash
# Everything that a change must pass, for people and for CI: build, format, all tests. Ends with "N passed, N failed, N skipped".
#   eng/check.sh               all
#   eng/check.sh --filter X    only the tests whose full name contains X
set -uo pipefail
cd "$(dirname "$0")/.."
filter=()
[ "${1:-}" = --filter ] && filter=(--filter "FullyQualifiedName~$2")

echo "== build"
dotnet build Countersign.slnx -c Release -nologo -v quiet -clp:NoSummary || { echo "0 passed, 1 failed"; exit 1; }

echo "== format"
format=0
dotnet format whitespace . --folder --verify-no-changes --include src/ tests/ bench/ eng/ -v quiet || { format=1; echo "run: dotnet format whitespace . --folder"; }

echo "== test"
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
dotnet test Countersign.slnx -c Release --no-build -nologo -v quiet --results-directory "$results" --logger trx "${filter[@]}"
ran=$?

count() { cat "$results"/*.trx 2>/dev/null | grep -oE "<Counters [^>]*" | grep -oE " $1=\"[0-9]+\"" | grep -oE '[0-9]+' | awk '{ n += $1 } END { print n + 0 }'; }
total=$(count total) passed=$(count passed) failed=$(count failed) executed=$(count executed)
skipped=$((total - executed))
if [ "$skipped" -gt 0 ]; then
  echo "== skipped, by what is missing"
  cat "$results"/*.trx | grep -oE '<(Message|StdOut)>[^<]*( is not here|this machine has no [^.<]*)\.' | sed -E 's/<[A-Za-z]*>//' | sort | uniq -c
fi
[ "$total" -gt 0 ] || { echo "no test ran"; failed=1; }
[ "$ran" -eq 0 ] || [ "$failed" -gt 0 ] || { echo "a test project did not finish"; failed=1; }
failed=$((failed + format))
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
