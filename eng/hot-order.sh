#!/usr/bin/env bash
# Rewrites src/Cli/hot.order: the methods that run under load, as they call each other, which the native executable then has side by side. From profiles of bench/Load, a scenario each:
# what a paced stream runs comes first, as the processor has done other things before every chunk. Linux, with perf, nginx and python3; takes some minutes.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
dotnet build bench/Load -c Release -v quiet -nologo
rm -rf src/Cli/obj/Release/net10.0/linux-x64/native
dotnet publish src/Cli -c Release -r linux-x64 -o "$work" -v quiet -nologo -p:StripSymbols=false -p:IlcOrderFile=
: > "$work/order"
for scenario in P A C B G D; do
  perf record -q -F 9999 -e cpu-clock -g -o "$work/perf.data" -- dotnet bench/Load/bin/Release/net10.0/load-bench.dll --gateway "$work" --only "$scenario" --rounds 1 --seconds 4 --out "$work/load.json" --page "$work/load.md"
  perf script -i "$work/perf.data" -F ip,sym,dso 2>/dev/null | python3 eng/hot-order.py countersign "$work/order" > "$work/longer"
  mv "$work/longer" "$work/order"
done
cp "$work/order" src/Cli/hot.order
rm -rf src/Cli/obj/Release/net10.0/linux-x64/native # The next publishing compiles anew.
wc -l src/Cli/hot.order
