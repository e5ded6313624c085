#!/usr/bin/env python3
"""An hour of typing, replayed at full speed, on a state machine of 1,000 states, with 50 documents open.

Usage: cargo build --release && python3 benches/soak.py [PATH OF THE BINARY]
Every keystroke waits for its diagnostics, every fourth for the hints of the simulation too. Half of the keystrokes
change what the machine does, so that it is simulated anew; some leave the JSON broken for a moment. Prints resident
memory and latencies for each sixth of the hour. Needs nothing but Python 3.9 and Linux.
"""

import statistics
import time

from process import Server, definition

N_DOCUMENTS = 50
N_PARTS = 6
# Two keystrokes a second for an hour.
N_KEYSTROKES = 7_200
LARGE = "file:///no-such-folder/large.asl.json"


def small(number):
    return f"file:///no-such-folder/small-{number}.asl.json"


class Typist:
    """Edits documents and knows their versions."""

    def __init__(self, server):
        self.server = server
        self.versions = {}
        self.next_id = 10
        # Where the wait of the third state stands: a number that changes what is simulated.
        lines = definition(1_000).splitlines()
        self.wait_line = next(n for n, line in enumerate(lines) if '"Seconds": 5' in line)
        self.wait_column = lines[self.wait_line].index("5")

    def open(self, uri, n_states):
        self.versions[uri] = 1
        document = {"uri": uri, "languageId": "asl", "version": 1, "text": definition(n_states)}
        self.server.send({"method": "textDocument/didOpen", "params": {"textDocument": document}})
        self.await_diagnostics(uri)

    def edit(self, uri, line, start, end, text):
        self.versions[uri] += 1
        at = {"start": {"line": line, "character": start}, "end": {"line": line, "character": end}}
        params = {"textDocument": {"uri": uri, "version": self.versions[uri]},
                  "contentChanges": [{"range": at, "text": text}]}
        begun = time.perf_counter()
        self.server.send({"method": "textDocument/didChange", "params": params})
        return (self.await_diagnostics(uri) - begun) * 1000

    def await_diagnostics(self, uri):
        return self.server.receive(lambda message: message.get("method") == "textDocument/publishDiagnostics"
                                   and message["params"]["uri"] == uri
                                   and message["params"].get("version") == self.versions[uri])

    def hints(self, uri):
        self.next_id += 1
        first_screen = {"start": {"line": 0, "character": 0}, "end": {"line": 60, "character": 0}}
        params = {"textDocument": {"uri": uri}, "range": first_screen}
        begun = time.perf_counter()
        self.server.send({"id": self.next_id, "method": "textDocument/inlayHint", "params": params})
        return (self.server.receive(self.is_answer) - begun) * 1000

    def is_answer(self, message):
        if message.get("id") != self.next_id:
            return False
        assert "error" not in message, message
        return True

    def keystroke(self, n):
        """One of a cycle that ends where it began."""
        kind = n % 8
        if kind in (0, 1):
            return self.edit(LARGE, 1, 15, 15, "x")
        if kind in (2, 3):
            return self.edit(LARGE, 1, 15, 16, "")
        if kind in (4, 5):
            column = self.wait_column
            return self.edit(LARGE, self.wait_line, column, column + 1, str(1 + n % 9))
        if kind == 6:
            # A quotation mark opens a string and takes the rest of the line with it.
            return self.edit(small(n % N_DOCUMENTS), 1, 15, 15, '"')
        return self.edit(small((n - 1) % N_DOCUMENTS), 1, 15, 16, "")


def p99(values):
    return statistics.quantiles(values, n=100)[-1]


def main():
    server = Server()
    typist = Typist(server)
    typist.open(LARGE, 1_000)
    for number in range(N_DOCUMENTS):
        typist.open(small(number), 30)
    print(f"{'part':>4} {'resident':>10} {'diagnostics, median':>20} {'p99':>9} {'hints, median':>14} {'p99':>9}")
    print(f"{0:4} {server.resident_mib():6.1f} MiB")
    for part in range(N_PARTS):
        diagnostics, hints = [], []
        for n in range(part * N_KEYSTROKES // N_PARTS, (part + 1) * N_KEYSTROKES // N_PARTS):
            diagnostics.append(typist.keystroke(n))
            if n % 4 == 1:
                hints.append(typist.hints(LARGE))
        print(f"{part + 1:4} {server.resident_mib():6.1f} MiB {statistics.median(diagnostics):17.1f} ms "
              f"{p99(diagnostics):6.1f} ms {statistics.median(hints):11.1f} ms {p99(hints):6.1f} ms", flush=True)
    server.stop()


if __name__ == "__main__":
    main()
