# shellcheck shell=bash disable=SC2034
# Shared by the editor test scripts; sourced, never run.
#
# Everything the tests need beyond apt packages lives in .tools/ of the checkout, and everything they
# leave behind in target/editors/. Both are ignored by git and safe to delete.

set -euo pipefail

TESTS=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
REPO=$(cd "$TESTS/../.." && pwd)
TOOLS=$REPO/.tools
OUT=$REPO/target/editors
SHOTS=$OUT/shots
STARTED=$SECONDS

step() { printf '== %4ds  %s\n' "$((SECONDS - STARTED))" "$*"; }

fail() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}

# within SECONDS COMMAND...: runs a command that must end in time, and everything it starts with it. Not
# for subshells: they forget the trap below.
within() {
    local seconds=$1 status=0
    shift
    # `timeout` has a process group of its own, so an interrupt from the keyboard must be passed on.
    timeout --kill-after=10 "$seconds" "$@" <&0 &
    RUNNING=$!
    wait "$RUNNING" || status=$?
    RUNNING=
    if [ "$status" -eq 124 ] || [ "$status" -eq 137 ]; then
        printf 'error: still running after %s s: %s\n' "$seconds" "$*" >&2
    fi
    return "$status"
}

RUNNING=
interrupted() {
    [ -z "$RUNNING" ] || { kill "$RUNNING" && wait "$RUNNING"; } 2>/dev/null || true
    exit 130
}
trap interrupted INT TERM

# A scratch directory that is gone when the script ends, whichever way it ends. What else writes
# temporary files does it there, too.
scratch() {
    SCRATCH=$(mktemp -d "${TMPDIR:-/tmp}/asl-lsp-test.XXXXXX")
    trap 'rm -rf "$SCRATCH"' EXIT
    export TMPDIR=$SCRATCH/tmp
    mkdir "$TMPDIR"
}

# The server under test: $ASL_LSP_BIN, or what `cargo build` made.
find_server() {
    SERVER=${ASL_LSP_BIN:-${CARGO_TARGET_DIR:-$REPO/target}/debug/asl-lsp}
    [ -x "$SERVER" ] || fail "there is no server at $SERVER: run \`cargo build\`, or name one in ASL_LSP_BIN"
    SERVER=$(realpath "$SERVER")
    local version
    version=$(timeout 10 "$SERVER" --version) || fail "$SERVER --version fails"
    [[ $version = 'asl-lsp '* ]] || fail "$SERVER is not asl-lsp: it answers \`$version\` to --version"
    step "server: $SERVER ($version)"
}

# The state machine the tests work on.
find_example() {
    EXAMPLE=${ASL_EXAMPLE:-$REPO/examples/order.asl.json}
    [ -f "$EXAMPLE" ] || fail "there is no state machine at $EXAMPLE"
}
