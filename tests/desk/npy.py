"""Arrays of NumPy, from the page of their format: version 1.0, rows of floats."""
import ast
import struct


def file_of(header, data, version=b"\x01\x00", padded=True):
    """The bytes of a file with this text as its header, padded as the format wants it."""
    text = header + " " * (63 - (10 + len(header)) % 64 if padded else 0) + "\n"
    return b"\x93NUMPY" + version + struct.pack("<H", len(text)) + text.encode("latin-1") + data


def write(rows, columns, kind="f4"):
    values = [x for row in rows for x in row]
    header = str({"descr": "<" + kind, "fortran_order": False, "shape": (len(rows), columns)})
    return file_of(header, struct.pack(f"<{len(values)}{'f' if kind == 'f4' else 'd'}", *values))


def read(file):
    """The rows of a file of 32-bit floats."""
    assert file[:8] == b"\x93NUMPY\x01\x00", file[:8]
    length, = struct.unpack("<H", file[8:10])
    assert (10 + length) % 64 == 0 and file[9 + length:10 + length] == b"\n"
    header = ast.literal_eval(file[10:10 + length].decode("latin-1").strip())
    rows, columns = header["shape"]
    assert header == {"descr": "<f4", "fortran_order": False, "shape": (rows, columns)}, header
    values = struct.unpack(f"<{rows * columns}f", file[10 + length:])
    return [list(values[k * columns:(k + 1) * columns]) for k in range(rows)]
