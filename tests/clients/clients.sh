#!/usr/bin/env bash
# Uses the in-memory DynamoDB with clients that are not ours: boto3, and the AWS SDK for JavaScript.
# ASL_LSP_BIN names another server than that of this checkout.

. "$(dirname "${BASH_SOURCE[0]}")/../editors/lib.sh"
# shellcheck source=../editors/install.sh
. "$TESTS/install.sh"

CLIENTS=$REPO/tests/clients

# boto3, in an environment of its own.
install_boto3() {
    local directory=$TOOLS/boto3 version
    version=$(sha256sum <"$CLIENTS/requirements.txt")
    PYTHON=$directory/bin/python
    up_to_date "$directory" "$version" && return 0
    command -v python3 >/dev/null || apt_install python3
    python3 -c 'import ensurepip' 2>/dev/null || apt_install python3-venv
    step 'boto3'
    within 60 python3 -m venv "$directory"
    within 240 "$PYTHON" -m pip install --quiet --disable-pip-version-check --no-deps \
        --requirement "$CLIENTS/requirements.txt"
    mark_installed "$directory" "$version"
}

# The AWS SDK for JavaScript, beside a copy of the script: a module finds packages from where it lies.
install_sdk() {
    local directory=$TOOLS/aws-sdk version
    version=$(sha256sum <"$CLIENTS/package-lock.json")
    SDK=$directory
    if ! up_to_date "$directory" "$version"; then
        step 'AWS SDK for JavaScript'
        cp "$CLIENTS/package.json" "$CLIENTS/package-lock.json" "$directory"
        npm_within 240 "$directory" ci
        mark_installed "$directory" "$version"
    fi
    cp "$CLIENTS/sdk.mjs" "$directory"
}

# client NAME COMMAND...: runs a client against a new server, whose address is its last argument.
client() {
    local name=$1 status=0 line url server
    shift
    step "$name"
    coproc SERVER_OUT { exec "$SERVER" dynamodb --port 0; }
    server=$SERVER_OUT_PID
    IFS= read -r -t 20 line <&"${SERVER_OUT[0]}" || fail "the server does not say where it listens"
    url=$(cut -d ' ' -f 3 <<<"$line")
    within 120 env AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test AWS_REGION=eu-west-1 \
        AWS_DEFAULT_REGION=eu-west-1 AWS_EC2_METADATA_DISABLED=true AWS_CONFIG_FILE=/dev/null \
        AWS_SHARED_CREDENTIALS_FILE=/dev/null "$@" "$url" || status=$?
    kill -TERM "$server"
    wait "$server" || fail "the server ends with status $?"
    return "$status"
}

find_server
install_node
install_boto3
install_sdk
client 'boto3' "$PYTHON" "$CLIENTS/boto3_client.py"
client 'AWS SDK for JavaScript' node "$SDK/sdk.mjs"
step 'clients passed'
