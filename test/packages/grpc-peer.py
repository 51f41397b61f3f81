"""grpc-peer.py server | client PORT [CA]: the service of grpc.test.js by Python's gRPC, which is made of
the C++ library. Messages are bytes: the tests' service has no other type. The server prints its port."""

import sys
from concurrent import futures

import grpc

SERVICE = "sluice.Echo"
LIMITS = [("grpc.max_receive_message_length", 64 << 20)]


def unary(request, context):
    if request == b"bad":
        context.set_trailing_metadata((("x-why", "asked"),))
        context.abort(grpc.StatusCode.NOT_FOUND, "there is none")
    key = dict(context.invocation_metadata()).get("x-key", "")
    context.send_initial_metadata((("x-back", key),))
    return request


def collect(requests, context):
    return b"".join(requests)


def expand(request, context):
    for index in range(int(request)):
        yield b"%d" % index


def both(requests, context):
    for request in requests:
        yield request + b"!"


def serve():
    server = grpc.server(futures.ThreadPoolExecutor(8), options=LIMITS)
    kinds = {
        "Unary": grpc.unary_unary_rpc_method_handler(unary),
        "Collect": grpc.stream_unary_rpc_method_handler(collect),
        "Expand": grpc.unary_stream_rpc_method_handler(expand),
        "Both": grpc.stream_stream_rpc_method_handler(both),
    }
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(SERVICE, kinds),))
    print(server.add_insecure_port("127.0.0.1:0"), flush=True)
    server.start()
    sys.stdin.read()
    server.stop(None)


def check(what, holds):
    if not holds:
        sys.exit(f"grpc-peer.py: {what}")


def ask(port, authority):
    if authority:
        with open(authority, "rb") as file:
            credentials = grpc.ssl_channel_credentials(file.read())
        channel = grpc.secure_channel(f"localhost:{port}", credentials, LIMITS)
    else:
        channel = grpc.insecure_channel(f"127.0.0.1:{port}", LIMITS)
    big = bytes(range(256)) * 16384
    method = channel.unary_unary(f"/{SERVICE}/Unary")
    answer, call = method.with_call(b"hello", metadata=(("x-key", "v"),), timeout=20)
    check("unary", answer == b"hello" and dict(call.initial_metadata()).get("x-back") == "v")
    check("4 MiB", method(big, timeout=20) == big)
    try:
        method(b"bad", timeout=20)
        check("an error", False)
    except grpc.RpcError as error:
        check("status", error.code() == grpc.StatusCode.NOT_FOUND)
        check("details", error.details() == "there is none")
        check("trailers", dict(error.trailing_metadata()).get("x-why") == "asked")
    try:
        method(b"slow", timeout=0.3)
        check("a deadline", False)
    except grpc.RpcError as error:
        check("deadline", error.code() == grpc.StatusCode.DEADLINE_EXCEEDED)
    parts = [b"%d," % index for index in range(1000)]
    collected = channel.stream_unary(f"/{SERVICE}/Collect")(iter(parts), timeout=20)
    check("client streaming", collected == b"".join(parts))
    expanded = list(channel.unary_stream(f"/{SERVICE}/Expand")(b"1000", timeout=20))
    check("server streaming", expanded == [b"%d" % index for index in range(1000)])
    back = list(channel.stream_stream(f"/{SERVICE}/Both")(iter(parts), timeout=20))
    check("both", back == [part + b"!" for part in parts])
    print("all is well")


if sys.argv[1] == "server":
    serve()
else:
    ask(sys.argv[2], sys.argv[3] if len(sys.argv) > 3 else None)
