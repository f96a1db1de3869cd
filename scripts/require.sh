#!/usr/bin/env bash
# Says which system packages are missing for a purpose, and installs them.
#
#   scripts/require.sh build            what the compiler and linker need
#   scripts/require.sh build test       and what the tests call
#   scripts/require.sh python           only what makes a virtual environment
#   scripts/require.sh bench            and the yardsticks of the benchmarks
#
# On Debian and its children it installs by apt, as root or through sudo; elsewhere, or when neither is to be
# had, it lists what is missing and stops. It starts no service, and makes no PostgreSQL cluster.
set -euo pipefail

missing=()

# need PACKAGE COMMAND…: the package is missing when the command fails.
need() {
    local package=$1
    shift
    "$@" >/dev/null 2>&1 || missing+=("$package")
}

library() { pkg-config --exists "$1"; }
# Any file that matches; the pattern comes unquoted from the caller.
present() { compgen -G "$1"; }
# LLVM alone brings libclang-cpp.so, which is another library.
libclang() {
    local folder
    for folder in '/usr/lib/llvm-*/lib' '/usr/lib/*' /usr/lib; do
        present "$folder/libclang.so*" || present "$folder/libclang-[0-9]*.so*" && return
    done
    return 1
}
php_extension() { php -r "exit(extension_loaded('$1') ? 0 : 1);"; }

for_build() {
    need gcc command -v gcc
    need g++ command -v g++
    need make command -v make
    need pkg-config command -v pkg-config
    need libxml2-dev library libxml-2.0
    need libxmlsec1-dev library xmlsec1
    need libxslt1-dev library libxslt
    need libssl-dev library openssl
    need libclang-dev libclang
}

for_test() {
    need xmlsec1 command -v xmlsec1
    need openssl command -v openssl
    for_python
    need php-cli command -v php
    need php-xml php_extension dom
    need php-mbstring php_extension mbstring
    need php-sqlite3 php_extension pdo_sqlite
    need postgresql present '/usr/lib/postgresql/*/bin/initdb'
    need chromium command -v chromium
    need chromium-driver command -v chromedriver
}

for_python() {
    need python3 command -v python3
    need python3-venv python3 -c 'import ensurepip, venv'
}

for_bench() {
    need gcc command -v gcc
    need libxmlsec1-dev library xmlsec1
    for_python
    need postgresql present '/usr/lib/postgresql/*/bin/initdb'
    need python3-onelogin-saml2 /usr/bin/python3 -c 'import onelogin.saml2'
}

# The toolchain is rustup's business: nothing here installs it.
toolchain() {
    command -v cargo >/dev/null || {
        echo "cargo is missing: install Rust by rustup; rust-toolchain.toml names the version" >&2
        exit 1
    }
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

can_install() {
    command -v apt-get >/dev/null || return 1
    [ "$(id -u)" = 0 ] && return 0
    command -v sudo >/dev/null || return 1
    [ -t 0 ] || sudo -n true 2>/dev/null
}

# Keeps freshly installed services from starting, and PostgreSQL from making a cluster of its own.
install_quietly() {
    local policy=/usr/sbin/policy-rc.d ours=no
    if [ ! -e "$policy" ]; then
        ours=yes
        printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
        as_root chmod 755 "$policy"
    fi
    local status=0
    apt_install "$@" || status=$?
    [ "$ours" = no ] || as_root rm -f "$policy"
    return "$status"
}

apt_install() {
    local apt=(as_root env DEBIAN_FRONTEND=noninteractive apt-get -y -q --no-install-recommends install)
    as_root apt-get -q update
    if [[ " $* " == *" postgresql "* ]]; then
        "${apt[@]}" postgresql-common
        printf 'create_main_cluster = false\n' | as_root tee -a /etc/postgresql-common/createcluster.conf >/dev/null
    fi
    "${apt[@]}" "$@"
}

# Fills `missing` for the purposes given.
look() {
    missing=()
    local purpose
    for purpose in "$@"; do
        case $purpose in
            build | test | python | bench) "for_$purpose" ;;
            *) echo "usage: $0 [build] [test] [python] [bench]" >&2 && exit 2 ;;
        esac
    done
    [ ${#missing[@]} -eq 0 ] || mapfile -t missing < <(printf '%s\n' "${missing[@]}" | sort -u)
}

look "$@"
if [ ${#missing[@]} -gt 0 ]; then
    echo "missing packages (Debian's names): ${missing[*]}"
    if ! can_install; then
        echo "Install them, then run this again. (No apt here, or neither root nor sudo.)" >&2
        exit 1
    fi
    echo "installing them by apt"
    install_quietly "${missing[@]}"
    look "$@"
    if [ ${#missing[@]} -gt 0 ]; then
        echo "installed, but still not found: ${missing[*]}" >&2
        exit 1
    fi
fi
toolchain
