#!/usr/bin/env python3
"""Simulates a read of a table behind HTTPS: our own `asl-lsp dynamodb` behind a port that speaks TLS.

Usage: cargo build --features remote-https && python3 tests/https.py [PATH OF THE BINARY]
Needs openssl, which makes the certificates: two authorities, and a server's that the first has signed.
"""

import json
import os
import pathlib
import socket
import ssl
import subprocess
import sys
import tempfile
import threading

ROOT = pathlib.Path(__file__).resolve().parent.parent
BINARY = sys.argv[1] if len(sys.argv) > 1 else str(ROOT / "target/debug/asl-lsp")

TABLES = [{
    "TableName": "orders",
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    "Items": [{"id": {"S": "1"}, "total": {"N": "5"}}],
}]
READ = {
    "Type": "Task",
    "Resource": "arn:aws:states:::dynamodb:getItem",
    "Parameters": {"TableName": "orders", "Key": {"id": {"S": "1"}}},
    "End": True,
}
MACHINE = {"StartAt": "Get", "States": {"Get": READ}}


# Certificates


def openssl(folder, *arguments):
    """Runs openssl in a folder, with a new key where it makes one."""
    done = subprocess.run(["openssl", *arguments], cwd=folder, capture_output=True, text=True, timeout=30)
    if done.returncode != 0:
        sys.exit(f"openssl {' '.join(arguments)}: {done.stderr}")


NEW_KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]


def make_authority(folder, name):
    """The certificate of an authority, `NAME.pem`, and its key, `NAME.key`."""
    openssl(folder, "req", "-x509", *NEW_KEY, "-days", "2", "-subj", f"/CN={name}",
            "-addext", "basicConstraints=critical,CA:TRUE", "-keyout", f"{name}.key", "-out", f"{name}.pem")


def make_server_certificate(folder, authority):
    """A certificate for localhost, `server.pem`, and its key, `server.key`."""
    openssl(folder, "req", *NEW_KEY, "-subj", "/CN=localhost", "-keyout", "server.key", "-out", "server.csr")
    folder.joinpath("extensions").write_text("subjectAltName = DNS:localhost\nbasicConstraints = CA:FALSE\n")
    openssl(folder, "x509", "-req", "-in", "server.csr", "-CA", f"{authority}.pem", "-CAkey", f"{authority}.key",
            "-CAcreateserial", "-days", "2", "-extfile", "extensions", "-out", "server.pem")


# A port that speaks TLS before one that does not


def hand_on(source, target):
    """Copies bytes until there are no more."""
    try:
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass


def connect(connection, context, address):
    """One connection; a client that does not trust the certificate ends it."""
    try:
        with context.wrap_socket(connection, server_side=True) as client, socket.create_connection(address) as server:
            threading.Thread(target=hand_on, args=(server, client), daemon=True).start()
            hand_on(client, server)
    except OSError:
        pass


def accept(listener, context, address):
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=connect, args=(connection, context, address), daemon=True).start()


def open_port(folder, address):
    """Takes a port of localhost, hands on what comes there, and returns its number."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem", folder / "server.key")
    listener = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=accept, args=(listener, context, address), daemon=True).start()
    return listener.getsockname()[1]


# What is tested


def check(folder, authority, url, code, *expected):
    """Simulates with the certificates of an authority as those to trust: the exit code, and what is said."""
    credentials = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_REGION": "eu-west-1"}
    environment = {**os.environ, **credentials, "SSL_CERT_FILE": str(folder / f"{authority}.pem")}
    environment.pop("SSL_CERT_DIR", None)
    done = subprocess.run([BINARY, "simulate", str(folder / "read.asl.json"), "--dynamodb-endpoint", url],
                          env=environment, capture_output=True, text=True, timeout=60)
    output = done.stdout + done.stderr
    if done.returncode != code or any(text not in output for text in expected):
        sys.exit(f"{url} with {authority}.pem: exit code {done.returncode}\n{output}\nexpected: {code} {expected}")
    print(f"{url} with {authority}.pem: as expected")


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        make_authority(folder, "trusted")
        make_authority(folder, "other")
        make_server_certificate(folder, "trusted")
        folder.joinpath("orders.tables.json").write_text(json.dumps(TABLES))
        folder.joinpath("read.asl.json").write_text(json.dumps(MACHINE))
        command = [BINARY, "dynamodb", "--port", "0", "--tables", str(folder / "orders.tables.json")]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
            try:
                host, port = server.stdout.readline().split()[2].removeprefix("http://").split(":")
                port = open_port(folder, (host, int(port)))
                check(folder, "trusted", f"https://localhost:{port}", 0,
                      'SUCCEEDED  {"Item": {"id": {"S": "1"}, "total": {"N": "5"}}}',
                      f"1 request to https://localhost:{port}")
                check(folder, "other", f"https://localhost:{port}", 1,
                      f"BLOCKED at Get (Resource)  the certificate of https://localhost:{port} is signed by nobody whom "
                      "this system trusts: add who signed it, or on Linux name a file of the certificates to trust in "
                      "SSL_CERT_FILE")
                check(folder, "trusted", f"https://127.0.0.1:{port}", 1,
                      f"BLOCKED at Get (Resource)  https://127.0.0.1:{port} cannot be reached: invalid peer certificate")
            finally:
                server.terminate()


if __name__ == "__main__":
    main()
