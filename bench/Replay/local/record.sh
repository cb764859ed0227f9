#!/usr/bin/env bash
# Records the drafts of short_tasks anew, with the model that ships: the same bytes again (see SOURCE.md). Takes a minute or two.
set -euo pipefail
cd "$(dirname "$0")/../../.."
(cd models && sha256sum --check --quiet SHA256SUMS)
dotnet run --project bench/Replay -c Release -- record
git diff --stat -- bench/Replay/local
