#!/usr/bin/env bash
# Tests the Neovim plugin in the real thing: tests/editors/neovim.sh
#
# First without a terminal, then in one, whose contents go to target/editors/shots/neovim.txt.
# ASL_LSP_BIN names another server than target/debug/asl-lsp.

. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
. "$TESTS/install.sh"

scratch
find_server
find_example
apt_install tmux
install_neovim
mkdir -p "$SHOTS" "$SCRATCH/home" "$SCRATCH/orders"
cp "$EXAMPLE" "$SCRATCH/orders/order.asl.json"
mkdir "$SCRATCH/orders/stock"
cp "$REPO"/examples/inventory.{asl,tables}.json "$SCRATCH/orders/stock"
cp "$TESTS/inventory.scenarios.json" "$SCRATCH/orders/stock"
# A copy, because the editor writes tags beside the manual.
cp -r "$REPO/editors/neovim" "$SCRATCH/plugin"

# Nothing of the user's: neither configuration nor state.
export HOME=$SCRATCH/home XDG_CONFIG_HOME=$SCRATCH/home/config XDG_DATA_HOME=$SCRATCH/home/data
export XDG_STATE_HOME=$SCRATCH/home/state XDG_CACHE_HOME=$SCRATCH/home/cache XDG_RUNTIME_DIR=$SCRATCH/home
export ASL_TEST_PLUGIN=$SCRATCH/plugin ASL_TEST_SERVER=$SERVER ASL_TEST_MACHINE=$SCRATCH/orders/order.asl.json
export ASL_TEST_STOCK=$SCRATCH/orders/stock LANG=C.UTF-8

step "$("$NEOVIM" --version | head -n 1), headless"
export ASL_TEST_REPORT=$SCRATCH/report
within 90 "$NEOVIM" --headless -u "$TESTS/neovim-init.lua" -c "luafile $TESTS/neovim.lua" >"$SCRATCH/messages" 2>&1 || true
closing='^\([0-9]*\) passed, \([0-9]*\) failed$'
if grep -q "$closing" "$SCRATCH/report" 2>/dev/null; then
    grep -v "$closing" "$SCRATCH/report" || true
    read -r passed failed < <(sed -n "s/$closing/\1 \2/p" "$SCRATCH/report")
else
    cat "$SCRATCH/report" "$SCRATCH/messages" 2>/dev/null || true
    printf 'FAIL  the suite did not come to its end\n'
    passed=0 failed=1
fi

step "in a terminal of tmux"
TMUX_SOCKET=$SCRATCH/tmux
terminal() { timeout 10 tmux -S "$TMUX_SOCKET" "$@"; }
# Neovim is two processes: the second outlives its terminal, and it may still be writing its state.
close_terminal() {
    local pane children
    pane=$(terminal list-panes -F '#{pane_pid}' 2>/dev/null) || return 0
    children=$(cat "/proc/$pane/task/$pane/children" 2>/dev/null) || true
    terminal send-keys Escape ':qall!' Enter
    for _ in {1..50}; do
        [ -e "/proc/$pane" ] || break
        sleep 0.1
    done
    terminal kill-server 2>/dev/null || true
    # shellcheck disable=SC2086
    kill -9 $pane $children 2>/dev/null || true
}
trap 'close_terminal; rm -rf "$SCRATCH"' EXIT
terminal -f /dev/null new-session -d -x 120 -y 40 \
    "'$NEOVIM' -i NONE -u '$TESTS/neovim-init.lua' '$ASL_TEST_MACHINE'"

# shows NAME PATTERN [KEYS]: sends keys, waits until the screen reads like PATTERN and keeps it.
shows() {
    local name=$1 pattern=$2
    shift 2
    [ $# -eq 0 ] || terminal send-keys "$@"
    local deadline=$((SECONDS + 15))
    until terminal capture-pane -p >"$SCRATCH/screen" && grep -Eq "$pattern" "$SCRATCH/screen"; do
        if [ $SECONDS -ge $deadline ]; then
            printf 'FAIL  %s: no line like %s\n' "$name" "$pattern"
            sed 's/^/      /' "$SCRATCH/screen"
            failed=$((failed + 1))
            return
        fi
        sleep 0.1
    done
    printf 'ok    %s\n' "$name"
    passed=$((passed + 1))
    { printf -- '---- %s\n' "$name"; cat "$SCRATCH/screen"; } >>"$SHOTS/neovim.txt"
}
rm -f "$SHOTS/neovim.txt"
shows 'hints stand behind the names of states' '"GetOrder": \{.*OrderId.*001'
shows 'the lens stands above StartAt' 'Simulate.*SUCCEEDED'
shows 'the preview opens' '─ GetOrder ─' '/"GetOrder": {' Enter ':AslPreview' Enter
shows 'the result of a simulation opens' 'Table Orders' ':AslSimulate {"orderId": "001"}' Enter
shows 'and closes' '"Item": \{ *$' q

echo "$passed passed, $failed failed"
[ "$passed" -gt 0 ] && [ "$failed" -eq 0 ]
