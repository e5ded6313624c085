#!/usr/bin/env python3
"""Measures what a request over HTTP costs `asl-lsp dynamodb`: the CPU time of the server's process, user and system.

Usage: cargo build --release && python3 benches/endpoint.py [PATH OF THE BINARY]
Needs Python 3.9 and Linux, whose /proc counts the time. One client on one connection sends the requests one after the
other, with the headers of an SDK, to a table of 10,000 items of 1 KB. Every figure is the least and the median of its runs.
"""

import json
import pathlib
import socket
import statistics
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
BINARY = sys.argv[1] if len(sys.argv) > 1 else str(ROOT / "target/release/asl-lsp")
N_RUNS = 15

KEY = {"pk": {"S": "partition-000005"}, "sk": {"N": "50"}}


def item(partition, sort):
    return {
        "pk": {"S": f"partition-{partition:06}"}, "sk": {"N": str(sort)}, "name": {"S": "x" * 400},
        "note": {"S": "y" * 400}, "count": {"N": "5"}, "tags": {"SS": ["red", "green"]},
        "place": {"M": {"lat": {"N": "48.2"}, "lon": {"N": "16.37"}}},
    }


def requests():
    """What is measured, how often in a run, and the request: those of benches/dynamodb.rs."""
    update = {
        "TableName": "items", "Key": KEY, "UpdateExpression": "SET #c = #c + :one, note = :note",
        "ConditionExpression": "attribute_exists(pk) AND #c > :zero", "ExpressionAttributeNames": {"#c": "count"},
        "ExpressionAttributeValues": {":one": {"N": "1"}, ":zero": {"N": "0"}, ":note": {"S": "short"}},
    }
    query = {"TableName": "items", "KeyConditionExpression": "pk = :p",
             "ExpressionAttributeValues": {":p": {"S": "partition-000007"}}}
    return [
        ("get", 4_000, "GetItem", {"TableName": "items", "Key": KEY}),
        ("put of 1 KB", 4_000, "PutItem", {"TableName": "items", "Item": item(6, 50)}),
        ("conditional update", 4_000, "UpdateItem", update),
        ("query of 100 items", 500, "Query", query),
    ]


def tables():
    return [{
        "TableName": "items",
        "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"},
                                 {"AttributeName": "sk", "AttributeType": "N"}],
        "Items": [item(number // 100, number % 100) for number in range(10_000)],
    }]


class Server:
    """A server on a free port, and a connection to it."""

    def __init__(self, seeds):
        command = [BINARY, "dynamodb", "--port", "0", "--tables", seeds]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        url = self.process.stdout.readline().split()[2]
        host, port = url.removeprefix("http://").split(":")
        self.host = f"{host}:{port}"
        self.stream = socket.create_connection((host, int(port)))
        self.stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def message(self, operation, body):
        body = json.dumps(body, separators=(",", ":")).encode()
        head = (
            f"POST / HTTP/1.1\r\nHost: {self.host}\r\nX-Amz-Target: DynamoDB_20120810.{operation}\r\n"
            "Content-Type: application/x-amz-json-1.0\r\n"
            "User-Agent: Boto3/1.40.0 md/Botocore#1.40.0 ua/2.1 os/linux#6.1 lang/python#3.11 cfg/retry-mode#legacy\r\n"
            "X-Amz-Date: 20261128T120000Z\r\n"
            "Authorization: AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261128/eu-west-1/dynamodb/aws4_request, "
            f"SignedHeaders=content-type;host;x-amz-date;x-amz-target, Signature={'0' * 64}\r\n"
            "amz-sdk-invocation-id: 8f4f7b0e-2f5a-4f0b-9d53-3f1b2d6f9a10\r\namz-sdk-request: attempt=1\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body

    def call(self, message):
        """Sends a request and reads its response to the end."""
        self.stream.sendall(message)
        received = self.stream.recv(1 << 20)
        while b"\r\n\r\n" not in received:
            received += self.stream.recv(1 << 20)
        head, _, body = received.partition(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            sys.exit(f"{head.decode()}\n{body.decode()}")
        length = next(int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
        left = length - len(body)
        while left > 0:
            left -= len(self.stream.recv(1 << 20))

    def cpu_us(self):
        """The time that the server, which is one thread, has run."""
        return int(pathlib.Path(f"/proc/{self.process.pid}/schedstat").read_text().split()[0]) / 1000

    def stop(self):
        self.stream.close()
        self.process.terminate()
        self.process.wait(10)


def main():
    with tempfile.TemporaryDirectory() as folder:
        seeds = pathlib.Path(folder, "items.tables.json")
        seeds.write_text(json.dumps(tables()))
        server = Server(str(seeds))
        for what, n_requests, operation, body in requests():
            message = server.message(operation, body)
            times = []
            for _ in range(N_RUNS):
                before = server.cpu_us()
                for _ in range(n_requests):
                    server.call(message)
                times.append((server.cpu_us() - before) / n_requests)
            print(f"{what:24} {min(times):8.1f} µs least {statistics.median(times):8.1f} µs median")
        server.stop()


if __name__ == "__main__":
    main()
