#!/usr/bin/env bash
# Tests the debugger with a client that is not ours: tests/editors/dap.sh
#
# ASL_LSP_BIN names another server than target/debug/asl-lsp.

. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
. "$TESTS/install.sh"

find_server
find_example
install_node
install_test_packages
step "Debug Adapter Protocol"
within 60 node "$TESTS/dap.cjs" "$TEST_MODULES" "$SERVER" "$EXAMPLE"
