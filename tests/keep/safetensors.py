"""A strict writer and reader of safetensors, from the format's page, and files that the suite reads.

    python3 -B safetensors.py DIRECTORY         writes the stored files anew

https://huggingface.co/docs/safetensors: 8 bytes of length, a JSON header, the tensors' bytes, all little-endian. A tensor is
(type, shape, values); in the files a key `test.hash` is the FNV-1a of the parameters as 32-bit floats, which Python rounds.
"""
import json
import math
import pathlib
import random
import struct
import sys

WIDTHS = {"F64": 8, "F32": 4, "F16": 2, "BF16": 2, "I64": 8}
CODES = {"F64": "<d", "F32": "<f", "F16": "<e", "I64": "<q"}


# ---- The format.

def to_bytes(kind, value):
    return struct.pack("<f", value)[2:] if kind == "BF16" else struct.pack(CODES[kind], value)


def from_bytes(kind, data):
    return struct.unpack("<f", b"\0\0" + data)[0] if kind == "BF16" else struct.unpack(CODES[kind], data)[0]


def write(tensors, metadata=None, order=None, spaced=False):
    """The bytes of a file. `order`: the names as their bytes follow each other; the keys have the order of `tensors`."""
    places, data = {}, b""
    for name in order or list(tensors):
        kind, _, values = tensors[name]
        begin = len(data)
        data += b"".join(to_bytes(kind, value) for value in values)
        places[name] = [begin, len(data)]
    header = {} if metadata is None else {"__metadata__": metadata}
    for name, (kind, shape, _) in tensors.items():
        header[name] = {"dtype": kind, "shape": shape, "data_offsets": places[name]}
    text = json.dumps(header, ensure_ascii=not spaced, indent=1 if spaced else None,
                      separators=None if spaced else (",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + data


def only_once(pairs):
    names = [name for name, _ in pairs]
    if len(set(names)) != len(names):
        raise ValueError("a key is there twice")
    return dict(pairs)


def tensor(name, entry, data):
    """(type, shape, values) of what the header says of a tensor."""
    if set(entry) != {"dtype", "shape", "data_offsets"} or entry["dtype"] not in WIDTHS:
        raise ValueError(f"{name}: {entry}")
    begin, end = entry["data_offsets"]
    width = WIDTHS[entry["dtype"]]
    if not 0 <= begin <= end <= len(data) or end - begin != width * math.prod(entry["shape"]):
        raise ValueError(f"{name}: {entry} of {len(data)}")
    values = [from_bytes(entry["dtype"], data[k:k + width]) for k in range(begin, end, width)]
    return entry["dtype"], entry["shape"], values


def read(file):
    """(tensors, metadata) of a file's bytes; ValueError where it is not of the format."""
    size, = struct.unpack("<Q", file[:8])
    text, data = file[8:8 + size], file[8 + size:]
    if len(text) != size or not text.startswith(b"{"):
        raise ValueError("no header")
    header = json.loads(text.decode("utf-8"), object_pairs_hook=only_once)
    metadata = header.pop("__metadata__", {})
    if not all(isinstance(value, str) for value in metadata.values()):
        raise ValueError("metadata that is no text")
    end = 0
    for entry in sorted(header.values(), key=lambda entry: entry["data_offsets"]):
        if entry["data_offsets"][0] != end:
            raise ValueError("a hole, or two tensors overlap")
        end = entry["data_offsets"][1]
    if end != len(data):
        raise ValueError("tensors end elsewhere than the file")
    return {name: tensor(name, entry, data) for name, entry in header.items()}, metadata


def fnv(values):
    """The hash of floats, each rounded to 32 bits."""
    total = 0xcbf29ce484222325
    for byte in b"".join(struct.pack("<f", value) for value in values):
        total = ((total ^ byte) * 0x100000001b3) & 0xffffffffffffffff
    return f"{total:016x}"


# ---- Networks.

ACTIVATIONS = ("identity", "relu", "tanh", "leaky_relu(0.01)", "elu(1)", "gelu", "sigmoid", "softplus", "mish")


def value(generator, kind):
    """A number as weights have them; in F64 also those that are subnormal as floats, or half way between two."""
    x = generator.gauss(0.0, 1.0) * generator.choice((1.0, 1.0, 1.0, 1e-3, 1e-6))
    if kind == "F64":
        half_way = from_bytes("F32", to_bytes("F32", x)) * (1.0 + generator.choice((1, -1, 3)) * 2.0 ** -24)
        x = generator.choice((x, x * 1e-39, half_way))
    return from_bytes(kind, to_bytes(kind, x))


def network(generator, kinds, different=False):
    """(topology, a list of weights and biases or None by layer), of random size."""
    layers = generator.randint(1, 4)
    widths = generator.sample(range(2, 20), layers + 1) if different else [generator.randint(1, 20) for _ in range(layers + 1)]
    topology, parameters = str(widths[0]), []
    for inputs, units in zip(widths, widths[1:]):
        bias = generator.random() < 0.7
        topology += f" {units}:{generator.choice(ACTIVATIONS)}" + ("" if bias else ",nobias")
        for shape in ([units, inputs], [units] if bias else None):
            kind = generator.choice(kinds)
            count = math.prod(shape) if shape else 0
            parameters.append(shape and (kind, shape, [value(generator, kind) for _ in range(count)]))
    return topology, parameters


NAMES = {
    "sequential": lambda layer, part: f"{2 * layer}.{part}",
    "fc": lambda layer, part: f"fc{layer + 1}.{part}",
    "layers": lambda layer, part: f"layers.{layer}.{part}",
    "shape": lambda layer, part: f"m\u00e9lange.{7 * layer % 5}\"\\\n.{part}",
}


def stored(number):
    """The bytes of stored file `number`: names, types, orders and spaces in turn."""
    generator = random.Random(1800 + number)
    names = list(NAMES)[number % 4]
    kinds = (("F32",), ("F32",), ("F16", "BF16"), ("F64",), ("F32", "F16", "BF16", "F64"))[number % 5]
    topology, parameters = network(generator, kinds, different=names == "shape")
    tensors = {NAMES[names](k // 2, ("weight", "bias")[k % 2]): p for k, p in enumerate(parameters) if p}
    keys, order = list(tensors), list(tensors)
    if number % 3 > 0:
        generator.shuffle(keys)
        generator.shuffle(order)
    metadata = {"format": "pt", "test.names": names, "linnet.topology": topology,
                "test.hash": fnv([x for p in parameters if p for x in p[2]]), "\u20ac \U0001f600": "\t\u0001 any \" text"}
    return write({name: tensors[name] for name in keys}, metadata, order, spaced=number % 4 == 1)


def main(directory):
    for number in range(20):
        (pathlib.Path(directory) / f"{number:02}.safetensors").write_bytes(stored(number))


if __name__ == "__main__":
    main(sys.argv[1])
