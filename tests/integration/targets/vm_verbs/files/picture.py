# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many bytes of a PNG's points differ from black, or from those beside them. picture.py FILE"""
import struct
import sys
import zlib


def chunks(data):
    assert data[:8] == b"\x89PNG\r\n\x1a\n", data[:8]
    place = 8
    while place < len(data):
        length, kind = struct.unpack(">I4s", data[place:place + 8])
        yield kind, data[place + 8:place + 8 + length]
        place += 12 + length


def main(path):
    with open(path, "rb") as file:
        found = list(chunks(file.read()))
    width, height, _depth, kind = struct.unpack(">IIBB", found[0][1][:10])
    pixels = zlib.decompress(b"".join(data for name, data in found if name == b"IDAT"))
    row = len(pixels) // height
    assert kind in (2, 6), kind
    assert row >= width * 3, (row, width)
    # Each row begins with how it is told: by the bytes themselves, or by what they differ in from those before or above.
    print(sum(byte != 0 for number in range(height) for byte in pixels[number * row + 1:(number + 1) * row]))


main(sys.argv[1])
