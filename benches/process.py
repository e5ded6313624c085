#!/usr/bin/env python3
"""Measures the release build as a process: start, resident memory, `check` over many files, `simulate`.

Usage: cargo build --release && python3 benches/process.py [PATH OF THE BINARY]
Needs nothing but Python 3.9 and, for resident memory, Linux. Every figure is the least and the median of its runs.
"""

import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
BINARY = sys.argv[1] if len(sys.argv) > 1 else str(ROOT / "target/release/asl-lsp")
N_RUNS = 15


def definition(n_states):
    """The chain of states that benches/analysis.rs has, too."""
    states = {}
    for i in range(n_states):
        end = {"Next": f"State{i + 1}"} if i + 1 < n_states else {"End": True}
        key = {"OrderId": {"S.$": "$.orders[0].id"}}
        states[f"State{i}"] = [
            {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem",
             "Parameters": {"TableName": "Orders", "Key": key}, "ResultPath": "$.order", **end},
            {"Type": "Pass", "Comment": "Hands its input on.", **end},
            {"Type": "Wait", "Seconds": 5, **end},
        ][i % 3]
    return json.dumps({"Comment": "a chain", "StartAt": "State0", "States": states}, indent=2) + "\n"


class Server:
    """A server on its standard input and output."""

    def __init__(self):
        self.begun = time.perf_counter()
        self.process = subprocess.Popen([BINARY], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.send({"id": 1, "method": "initialize", "params": {"capabilities": {}}})
        self.receive(lambda message: message.get("id") == 1)
        self.started_ms = (time.perf_counter() - self.begun) * 1000
        self.send({"method": "initialized", "params": {}})

    def send(self, message):
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self.process.stdin.flush()

    def receive(self, is_wanted):
        """Returns when the message had come whole: what parsing it costs in Python says nothing of the server."""
        while True:
            length = 0
            while line := self.process.stdout.readline().strip():
                name, _, value = line.partition(b":")
                length = int(value) if name.lower() == b"content-length" else length
            body = self.process.stdout.read(length)
            came = time.perf_counter()
            if is_wanted(json.loads(body)):
                return came

    def await_diagnostics(self, version):
        return self.receive(lambda message: message.get("method") == "textDocument/publishDiagnostics"
                            and message["params"].get("version") == version)

    def resident_mib(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) / 1024

    def stop(self):
        self.send({"id": 2, "method": "shutdown"})
        self.receive(lambda message: message.get("id") == 2)
        self.send({"method": "exit"})
        self.process.wait(10)


def show(what, values, unit):
    print(f"{what:48} {min(values):8.1f} {unit:4} least {statistics.median(values):8.1f} {unit:4} median")


def start():
    times = []
    for _ in range(N_RUNS):
        server = Server()
        times.append(server.started_ms)
        server.stop()
    show("spawn to the response of initialize", times, "ms")


def edit(n_states, what):
    server = Server()
    uri = "file:///no-such-folder/bench.asl.json"
    document = {"uri": uri, "languageId": "asl", "version": 1, "text": definition(n_states)}
    server.send({"method": "textDocument/didOpen", "params": {"textDocument": document}})
    server.await_diagnostics(1)
    show(f"resident memory, {what} open", [server.resident_mib()], "MiB")
    times = []
    for version in range(2, 52):
        # One character more in the comment at the start.
        place = {"line": 1, "character": 15}
        changes = [{"range": {"start": place, "end": place}, "text": "x"}]
        params = {"textDocument": {"uri": uri, "version": version}, "contentChanges": changes}
        begun = time.perf_counter()
        server.send({"method": "textDocument/didChange", "params": params})
        times.append((server.await_diagnostics(version) - begun) * 1000)
    show(f"keystroke to diagnostics, {what}", times, "ms")
    show(f"resident memory after 50 keystrokes, {what}", [server.resident_mib()], "MiB")
    server.stop()


def command(what, arguments):
    times = []
    for _ in range(N_RUNS):
        begun = time.perf_counter()
        subprocess.run([BINARY, *arguments], stdout=subprocess.DEVNULL, check=True)
        times.append((time.perf_counter() - begun) * 1000)
    show(what, times, "ms")


def main():
    print(f"{'size of the binary':48} {os.path.getsize(BINARY) / 1024 ** 2:8.1f} MiB")
    start()
    edit(1_000, "1,000 states")
    edit(5_700, "1 MB")
    with tempfile.TemporaryDirectory() as folder:
        text = definition(30)
        for i in range(1_000):
            pathlib.Path(folder, f"{i:04}.asl.json").write_text(text)
        command(f"check of 1,000 files of {len(text) / 1024:.1f} KiB", ["check", folder])
    command("simulate examples/order.asl.json", ["simulate", str(ROOT / "examples/order.asl.json")])


if __name__ == "__main__":
    main()
