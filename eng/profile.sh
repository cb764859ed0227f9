#!/usr/bin/env bash
# Rewrites src/Cli/countersign.mibc: what our code and the libraries do under load, by which the native compiler lays code out, inlines and guesses types. The runtime counts it during bench/Load. Linux, with nginx; takes some minutes.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
stop() { [ ! -e "$work/id" ] || kill -TERM "$(cat "$work/id")" 2>/dev/null || true; }
trap 'stop; rm -rf "$work"' EXIT
for project in src/Cli bench/Load eng/Profile; do dotnet build "$project" -c Release -v quiet -nologo; done
built=$PWD/src/Cli/bin/Release/net10.0

# load-bench kills what it starts, but only an orderly end writes the profile: so the gateway is no child of what is started, and the first one answers throughout.
# Every method is compiled at run time, with counters, and stays so however often it runs.
cat > "$work/countersign" <<SCRIPT
#!/bin/sh
export DOTNET_ReadyToRun=0 DOTNET_TieredPGO=1 DOTNET_TieredPGO_InstrumentOnlyHotCode=0 DOTNET_TC_CallCounting=0 DOTNET_TC_OnStackReplacement_InitialCounter=1000000000 DOTNET_WritePGOData=1 DOTNET_PGODataPath=$work/recorded
[ -e "$work/id" ] || setsid --fork sh -c 'echo \$\$ > "$work/id"; exec dotnet "$built/countersign.dll" "\$@"' countersign "\$@" > "$work/log" 2>&1
exec sleep infinity
SCRIPT
chmod +x "$work/countersign"
dotnet bench/Load/bin/Release/net10.0/load-bench.dll --gateway "$work" --only A,B,C,P,S,D,G --rounds 1 --seconds 4
stop
while kill -0 "$(cat "$work/id")" 2>/dev/null; do sleep 0.2; done
rm "$work/id"
dotnet eng/Profile/bin/Release/net10.0/profile.dll "$work/recorded" "$built" src/Cli/countersign.mibc
rm -rf src/Cli/obj/Release/net10.0/linux-x64/native # The next publishing compiles anew.
