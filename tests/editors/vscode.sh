#!/usr/bin/env bash
# Tests the VS Code extension in the real thing: tests/editors/vscode.sh
#
# ASL_LSP_BIN names another server than target/debug/asl-lsp. Screenshots: target/editors/shots/.

. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
. "$TESTS/install.sh"

scratch
find_server
find_example
install_node
install_test_packages
install_chromium
install_code_server
mkdir -p "$SHOTS"

EXTENSION=$REPO/editors/vscode
if ! [ "$EXTENSION/node_modules/.package-lock.json" -nt "$EXTENSION/package-lock.json" ]; then
    step "packages of the extension"
    npm_within 240 "$EXTENSION" ci
fi
step "packaging the extension"
logged() { "$@" >"$OUT/package.log" 2>&1 || { cat "$OUT/package.log"; fail "packaging failed"; }; }
ASL_LSP_BIN=$SERVER logged npm_within 120 "$EXTENSION" run package -- --out "$OUT/asl-lsp.vsix"
logged within 60 env -C "$TESTS/rival-extension" "$EXTENSION/node_modules/.bin/vsce" package --no-dependencies \
    --allow-missing-repository --skip-license --out "$SCRATCH/rival.vsix"

step "VS Code $(node -p 'require(process.argv[1]).version' "$(dirname "$CODE_SERVER")/../../lib/vscode/package.json")"
ASL_TEST_MODULES=$TEST_MODULES ASL_TEST_CODE_SERVER=$CODE_SERVER ASL_TEST_CHROMIUM=$CHROMIUM \
    ASL_TEST_SERVER=$SERVER ASL_TEST_EXAMPLE=$EXAMPLE ASL_TEST_PACKAGE=$OUT/asl-lsp.vsix \
    ASL_TEST_RIVAL=$SCRATCH/rival.vsix ASL_TEST_SCRATCH=$SCRATCH ASL_TEST_SHOTS=$SHOTS \
    within 400 node "$TESTS/vscode.mjs" "$@"
