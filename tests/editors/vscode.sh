#!/usr/bin/env bash
# Tests the VS Code extension in the real thing: tests/editors/vscode.sh
#
# ASL_LSP_BIN names another server than target/debug/asl-lsp. Screenshots: target/editors/shots/.

. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
. "$TESTS/install.sh"

find_server
find_example
install_node
install_test_packages
install_chromium
install_code_server
scratch
mkdir -p "$SHOTS"

EXTENSION=$REPO/editors/vscode
cd "$EXTENSION"
if ! [ node_modules/.package-lock.json -nt package-lock.json ]; then
    step "packages of the extension"
    npm_within 240 ci
fi
step "packaging the extension"
ASL_LSP_BIN=$SERVER npm_within 120 --silent run package -- --out "$OUT/asl-lsp.vsix" >"$OUT/package.log" 2>&1 ||
    { cat "$OUT/package.log"; fail "the extension cannot be packaged"; }
(cd "$TESTS/rival-extension" && within 60 "$EXTENSION/node_modules/.bin/vsce" package --no-dependencies \
    --allow-missing-repository --skip-license --out "$SCRATCH/rival.vsix") >>"$OUT/package.log" 2>&1 ||
    { cat "$OUT/package.log"; fail "the tests' own extension cannot be packaged"; }

step "VS Code $(node "$CODE_SERVER" --version | sed 's/.*with Code //')"
ASL_TEST_MODULES=$TEST_MODULES ASL_TEST_CODE_SERVER=$CODE_SERVER ASL_TEST_CHROMIUM=$CHROMIUM \
    ASL_TEST_SERVER=$SERVER ASL_TEST_EXAMPLE=$EXAMPLE ASL_TEST_PACKAGE=$OUT/asl-lsp.vsix \
    ASL_TEST_RIVAL=$SCRATCH/rival.vsix ASL_TEST_SCRATCH=$SCRATCH ASL_TEST_SHOTS=$SHOTS \
    within 400 node "$TESTS/vscode.mjs" "$@"
