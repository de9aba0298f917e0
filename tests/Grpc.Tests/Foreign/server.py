"""A gRPC server of grpcio with generic handlers, for our client. Prints its port, and runs until its input ends."""
import sys
import time
from concurrent import futures

import grpc
from google.protobuf import wrappers_pb2

TEXT = wrappers_pb2.StringValue
NUMBER = wrappers_pb2.Int32Value


def say(request, context):
    return request


def fail(request, context):
    context.abort(grpc.StatusCode.FAILED_PRECONDITION, request.value)


def hang(request, context):
    while context.is_active():
        time.sleep(0.05)
    return request


def count(request, context):
    block = "x" * 65536
    for number in range(request.value):
        yield TEXT(value="%d %s" % (number, block))


def compressed(request, context):
    context.set_compression(grpc.Compression.Gzip)
    return TEXT(value=request.value * 1000)


def breaks(request, context):
    yield TEXT(value="first")
    context.abort(grpc.StatusCode.DATA_LOSS, "der Rest ist weg")


def unary(handler):
    return grpc.unary_unary_rpc_method_handler(handler, TEXT.FromString, TEXT.SerializeToString)


def main():
    server = grpc.server(futures.ThreadPoolExecutor(8))
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("test.Echo", {
        "Say": unary(say),
        "Fail": unary(fail),
        "Hang": unary(hang),
        "Compressed": unary(compressed),
        "Count": grpc.unary_stream_rpc_method_handler(count, NUMBER.FromString, TEXT.SerializeToString),
        "Breaks": grpc.unary_stream_rpc_method_handler(breaks, TEXT.FromString, TEXT.SerializeToString),
    }),))
    print(server.add_insecure_port("127.0.0.1:0"), flush=True)
    server.start()
    sys.stdin.read()
    server.stop(None)


if __name__ == "__main__":
    main()
