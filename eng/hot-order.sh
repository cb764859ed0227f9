#!/usr/bin/env bash
# Rewrites src/Cli/hot.order: the methods that run under load, the busiest first, which the native executable then has side by side. From a profile of bench/Load. Linux, with perf and nginx; takes some minutes.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
dotnet build bench/Load -c Release -v quiet -nologo
dotnet publish src/Cli -c Release -r linux-x64 -o "$work" -v quiet -nologo -p:StripSymbols=false -p:IlcOrderFile=
perf record -F 4999 -g -o "$work/perf.data" -- dotnet bench/Load/bin/Release/net10.0/load-bench.dll --gateway "$work" --only A,B,C,P,S,D,G --rounds 1 --seconds 4
perf script -i "$work/perf.data" -F ip,sym,dso 2>/dev/null |
  sed -nE 's/^[[:space:]]*[0-9a-f]+ ([^ +]*__[^ +]*)(\+0x[0-9a-f]+)? \(.*\/countersign\)$/\1/p' |
  sort | uniq -c | sort -k1,1nr -k2 | awk '$1 > 1 { print $2 }' > src/Cli/hot.order
rm -rf src/Cli/obj/Release/net10.0/linux-x64/native # The next publishing compiles anew.
wc -l src/Cli/hot.order
