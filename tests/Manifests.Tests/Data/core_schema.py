"""Checks core Kubernetes objects against the models of the official Python client: unknown fields, types, required fields.

Reads a JSON list of objects from standard input and prints a problem on each line.
"""
import json
import re
import sys

from kubernetes.client import models

# Fields that are younger than the client of Debian 12, with the Kubernetes release that has them on by default.
NEWER = {"V1Handler": {"sleep": "1.30"}}
SIMPLE = {"str": str, "int": int, "bool": bool, "float": (int, float), "datetime": str}
problems = []


def convert(kind, value, path):
    """The value as the client holds it; what does not fit is noted."""
    inner = re.fullmatch(r"(list\[|dict\(str, )(.*)[])]", kind)
    if kind == "object":
        return value
    if kind in SIMPLE:
        if not isinstance(value, SIMPLE[kind]) or (isinstance(value, bool) and kind != "bool"):
            problems.append(f"{path}: {value!r} is no {kind}")
        return value
    if inner and kind.startswith("list"):
        if not isinstance(value, list):
            problems.append(f"{path}: {value!r} is no list")
            return []
        return [convert(inner[2], item, f"{path}[{i}]") for i, item in enumerate(value)]
    if not isinstance(value, dict):
        problems.append(f"{path}: {value!r} is no mapping")
        return None
    if inner:
        return {key: convert(inner[2], item, f"{path}.{key}") for key, item in value.items()}
    return build(kind, value, path)


def build(kind, value, path):
    model = getattr(models, kind)
    names = {json_name: name for name, json_name in model.attribute_map.items()}
    fields = {}
    for key, item in value.items():
        if key in NEWER.get(kind, {}):
            continue
        if key not in names:
            problems.append(f"{path}.{key}: {kind} has no such field")
            continue
        fields[names[key]] = convert(model.openapi_types[names[key]], item, f"{path}.{key}")
    try:
        return model(**fields)
    except ValueError as error:
        problems.append(f"{path}: {error}")
        return None


for document in json.load(sys.stdin):
    version = document["apiVersion"].split("/")[-1]
    name = version[0].upper() + version[1:] + document["kind"]
    where = f"{document['kind']}/{document.get('metadata', {}).get('name')}"
    if hasattr(models, name):
        build(name, document, where)
    else:
        problems.append(f"{where}: the client knows no {document['apiVersion']} {document['kind']}")
print("\n".join(problems), end="")
