"""KEDA's external scaler contract for grpcio: messages made at run time, generic stubs, no generated code.

usage: externalscaler.py <address> <command> [options]   (see main)
Prints one JSON document a line.
"""
import argparse
import json
import sys
import threading
import time

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

SERVICE = "/externalscaler.ExternalScaler/"
FIELD = descriptor_pb2.FieldDescriptorProto


def build_messages():
    file = descriptor_pb2.FileDescriptorProto(name="externalscaler.proto", package="externalscaler", syntax="proto3")

    def message(name, *fields):
        made = file.message_type.add(name=name)
        for number, (field, kind, repeated, type_name) in fields:
            made.field.add(
                name=field, number=number, type=kind, type_name=type_name,
                label=FIELD.LABEL_REPEATED if repeated else FIELD.LABEL_OPTIONAL)
        return made

    reference = message(
        "ScaledObjectRef",
        (1, ("name", FIELD.TYPE_STRING, False, None)),
        (2, ("namespace", FIELD.TYPE_STRING, False, None)),
        (3, ("scalerMetadata", FIELD.TYPE_MESSAGE, True, ".externalscaler.ScaledObjectRef.ScalerMetadataEntry")))
    entry = reference.nested_type.add(name="ScalerMetadataEntry")
    entry.options.map_entry = True
    entry.field.add(name="key", number=1, type=FIELD.TYPE_STRING, label=FIELD.LABEL_OPTIONAL)
    entry.field.add(name="value", number=2, type=FIELD.TYPE_STRING, label=FIELD.LABEL_OPTIONAL)
    message("IsActiveResponse", (1, ("result", FIELD.TYPE_BOOL, False, None)))
    message(
        "MetricSpec",
        (1, ("metricName", FIELD.TYPE_STRING, False, None)),
        (2, ("targetSize", FIELD.TYPE_INT64, False, None)),
        (3, ("targetSizeFloat", FIELD.TYPE_DOUBLE, False, None)))
    message("GetMetricSpecResponse", (1, ("metricSpecs", FIELD.TYPE_MESSAGE, True, ".externalscaler.MetricSpec")))
    message(
        "GetMetricsRequest",
        (1, ("scaledObjectRef", FIELD.TYPE_MESSAGE, False, ".externalscaler.ScaledObjectRef")),
        (2, ("metricName", FIELD.TYPE_STRING, False, None)))
    message(
        "MetricValue",
        (1, ("metricName", FIELD.TYPE_STRING, False, None)),
        (2, ("metricValue", FIELD.TYPE_INT64, False, None)),
        (3, ("metricValueFloat", FIELD.TYPE_DOUBLE, False, None)))
    message("GetMetricsResponse", (1, ("metricValues", FIELD.TYPE_MESSAGE, True, ".externalscaler.MetricValue")))

    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    factory = message_factory.MessageFactory(pool)
    return {
        made.name: factory.GetPrototype(pool.FindMessageTypeByName("externalscaler." + made.name))
        for made in file.message_type
    }


MESSAGES = build_messages()


def say(**values):
    print(json.dumps(values), flush=True)


def open_channel(options):
    if not options.ca:
        return grpc.insecure_channel(options.address)
    read = lambda path: open(path, "rb").read() if path else None
    credentials = grpc.ssl_channel_credentials(read(options.ca), read(options.key), read(options.cert))
    overrides = [("grpc.ssl_target_name_override", options.server_name)] if options.server_name else []
    return grpc.secure_channel(options.address, credentials, overrides)


def reference(options, app=None):
    made = MESSAGES["ScaledObjectRef"](name=options.name, namespace=options.namespace)
    for pair in options.meta:
        key, value = pair.split("=", 1)
        made.scalerMetadata[key] = value
    if app is not None:
        made.name = app
        made.scalerMetadata["app"] = app
    return made


def unary(channel, method, response):
    return channel.unary_unary(SERVICE + method, lambda message: message.SerializeToString(), MESSAGES[response].FromString)


def stream(channel):
    return channel.unary_stream(
        SERVICE + "StreamIsActive", lambda message: message.SerializeToString(), MESSAGES["IsActiveResponse"].FromString)


def call(options, channel):
    """All that KEDA asks about one ScaledObject, once."""
    scaled = reference(options)
    active = unary(channel, "IsActive", "IsActiveResponse")(scaled, timeout=options.timeout)
    specs = unary(channel, "GetMetricSpec", "GetMetricSpecResponse")(scaled, timeout=options.timeout)
    spec = specs.metricSpecs[0]
    values = unary(channel, "GetMetrics", "GetMetricsResponse")(
        MESSAGES["GetMetricsRequest"](scaledObjectRef=scaled, metricName=spec.metricName), timeout=options.timeout)
    value = values.metricValues[0]
    say(active=active.result, metric=spec.metricName, target=spec.targetSizeFloat, targetWhole=spec.targetSize,
        valueOf=value.metricName, value=value.metricValueFloat, valueWhole=value.metricValue)


def follow(options, channel):
    """Prints every push until the stream ends, then how it ended."""
    answers = stream(channel)(reference(options))
    # Their arrival says that the stream is accepted.
    answers.initial_metadata()
    say(opened=True)
    for answer in answers:
        say(pushed=answer.result)
    say(status=answers.code().name)


def load(options, channel):
    """What KEDA does with many ScaledObjects: a stream each, and polling."""
    opened = []
    pushes = [0]

    def run(answers):
        try:
            for _ in answers:
                pushes[0] += 1
        except grpc.RpcError:
            pass

    for number in range(options.count):
        answers = stream(channel)(load_reference(options, number))
        threading.Thread(target=run, args=(answers,), daemon=True).start()
        opened.append(answers)
    say(streams=len(opened))
    end = time.monotonic() + options.seconds
    polls = 0
    while time.monotonic() < end:
        for number in range(options.count):
            scaled = load_reference(options, number)
            metrics = MESSAGES["GetMetricsRequest"](scaledObjectRef=scaled)
            unary(channel, "GetMetrics", "GetMetricsResponse")(metrics, timeout=10)
            unary(channel, "IsActive", "IsActiveResponse")(scaled, timeout=10)
            polls += 1
            time.sleep(options.interval / options.count)
    say(polls=polls, pushes=pushes[0])


def load_reference(options, number):
    made = reference(options, app="app%d" % number)
    made.scalerMetadata["queues"] = "queue%d" % number
    return made


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("address")
    parser.add_argument("command", choices=["call", "follow", "load"])
    parser.add_argument("--name", default="worker")
    parser.add_argument("--namespace", default="platform")
    parser.add_argument("--meta", action="append", default=[], help="key=value of the trigger's metadata")
    parser.add_argument("--timeout", type=float, default=60)
    parser.add_argument("--ca")
    parser.add_argument("--cert")
    parser.add_argument("--key")
    parser.add_argument("--server-name")
    parser.add_argument("--count", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--interval", type=float, default=15)
    options = parser.parse_args()
    with open_channel(options) as channel:
        try:
            {"call": call, "follow": follow, "load": load}[options.command](options, channel)
        except grpc.RpcError as error:
            say(status=error.code().name, detail=error.details())
            sys.exit(3)


if __name__ == "__main__":
    main()
