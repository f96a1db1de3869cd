#!/usr/bin/env bash
# Installs what the tests need beside system packages into .cache/, which git ignores.
#
# A virtual environment for the corpus (.cache/venv). Run again at will: what is already there and
# unchanged is left alone. Versions are pinned in the requirement files.
set -euo pipefail
cd "$(dirname "$0")/.."

# Installs FILE's packages into the environment DIR, unless that was done for this very file.
environment() {
    local directory=$1 file=$2
    if [ -f "$directory/installed" ] && cmp -s "$file" "$directory/installed"; then
        return
    fi
    echo "installing $file into $directory"
    [ -x "$directory/bin/python" ] || python3 -m venv "$directory"
    "$directory/bin/python" -m pip install --quiet --disable-pip-version-check -r "$file"
    cp "$file" "$directory/installed"
}

mkdir -p .cache
environment .cache/venv tests/corpus/requirements.txt
