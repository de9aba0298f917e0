"""An external scaler on Debian's python3-grpcio: says what it is told on standard input, writes down every call."""
import json
import queue
import sys
import threading
from concurrent import futures

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

PACKAGE = "externalscaler"
STRING, BOOL, INT64, DOUBLE, MESSAGE = 9, 8, 3, 1, 11


def messages():
    file = descriptor_pb2.FileDescriptorProto(name="externalscaler.proto", package=PACKAGE, syntax="proto3")

    def add(name, *fields):
        message = file.message_type.add(name=name)
        for number, (field, kind, repeated, of) in enumerate(fields, 1):
            message.field.add(name=field, number=number, type=kind, label=3 if repeated else 1, type_name=of)
        return message

    reference = add("ScaledObjectRef", ("name", STRING, False, None), ("namespace", STRING, False, None),
                    ("scalerMetadata", MESSAGE, True, f".{PACKAGE}.ScaledObjectRef.ScalerMetadataEntry"))
    entry = reference.nested_type.add(name="ScalerMetadataEntry")
    entry.options.map_entry = True
    entry.field.add(name="key", number=1, type=STRING, label=1)
    entry.field.add(name="value", number=2, type=STRING, label=1)
    add("IsActiveResponse", ("result", BOOL, False, None))
    add("MetricSpec", ("metricName", STRING, False, None), ("targetSize", INT64, False, None), ("targetSizeFloat", DOUBLE, False, None))
    add("GetMetricSpecResponse", ("metricSpecs", MESSAGE, True, f".{PACKAGE}.MetricSpec"))
    add("GetMetricsRequest", ("scaledObjectRef", MESSAGE, False, f".{PACKAGE}.ScaledObjectRef"), ("metricName", STRING, False, None))
    add("MetricValue", ("metricName", STRING, False, None), ("metricValue", INT64, False, None), ("metricValueFloat", DOUBLE, False, None))
    add("GetMetricsResponse", ("metricValues", MESSAGE, True, f".{PACKAGE}.MetricValue"))
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    factory = message_factory.MessageFactory(pool)
    return {one.name: factory.GetPrototype(pool.FindMessageTypeByName(f"{PACKAGE}.{one.name}")) for one in file.message_type}


M = messages()
state = {"active": False, "value": 0.0, "intValue": 0, "target": 5.0, "intTarget": 0, "specs": 1, "fail": False}
streams = []
lock = threading.Lock()
released = threading.Event()
released.set()


def say(**what):
    with lock:
        print(json.dumps(what), flush=True)


def called(name, reference, context, **more):
    say(call=name, name=reference.name, namespace=reference.namespace, metadata=dict(sorted(reference.scalerMetadata.items())), **more)
    if state["fail"]:
        context.abort(grpc.StatusCode.INTERNAL, "told to fail: 100 % of it")


def is_active(request, context):
    called("IsActive", request, context)
    return M["IsActiveResponse"](result=state["active"])


def get_metric_spec(request, context):
    called("GetMetricSpec", request, context)
    released.wait()
    answer = M["GetMetricSpecResponse"]()
    for _ in range(state["specs"]):
        answer.metricSpecs.add(metricName="work", targetSize=int(state["intTarget"]), targetSizeFloat=state["target"])
    return answer


def get_metrics(request, context):
    called("GetMetrics", request.scaledObjectRef, context, metric=request.metricName)
    released.wait()
    answer = M["GetMetricsResponse"]()
    answer.metricValues.add(metricName=request.metricName, metricValue=int(state["intValue"]), metricValueFloat=state["value"])
    return answer


def stream_is_active(request, context):
    called("StreamIsActive", request, context)
    pushes = queue.Queue()
    streams.append(pushes)
    while (push := pushes.get()) != "end":
        if push == "break":
            context.abort(grpc.StatusCode.UNAVAILABLE, "broken off")
        yield M["IsActiveResponse"](result=push)


def handler(kind, function, request):
    return kind(function, M[request].FromString, lambda message: message.SerializeToString())


def main():
    server = grpc.server(futures.ThreadPoolExecutor(16))
    server.add_generic_rpc_handlers([grpc.method_handlers_generic_handler(f"{PACKAGE}.ExternalScaler", {
        "IsActive": handler(grpc.unary_unary_rpc_method_handler, is_active, "ScaledObjectRef"),
        "GetMetricSpec": handler(grpc.unary_unary_rpc_method_handler, get_metric_spec, "ScaledObjectRef"),
        "GetMetrics": handler(grpc.unary_unary_rpc_method_handler, get_metrics, "GetMetricsRequest"),
        "StreamIsActive": handler(grpc.unary_stream_rpc_method_handler, stream_is_active, "ScaledObjectRef"),
    })])
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    say(port=port)
    for line in sys.stdin:
        order = json.loads(line)
        if order.pop("hold", None):
            released.clear()
        if order.pop("release", None):
            released.set()
        state.update({key: value for key, value in order.items() if key in state})
        if "push" in order:
            for stream in streams:
                stream.put(order["push"])
        say(done=line.strip())
    server.stop(None)


main()
