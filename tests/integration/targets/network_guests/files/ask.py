# SPDX-License-Identifier: GPL-3.0-or-later
"""Ask a DNS server ($1) for the IPv4 addresses of names."""
import socket
import struct
import sys

for name in sys.argv[2:]:
    packet = struct.pack(">6H", 7, 256, 1, 0, 0, 0)
    packet += b"".join(bytes([len(part)]) + part.encode() for part in name.split(".")) + b"\0" + struct.pack(">2H", 1, 1)
    asker = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    asker.settimeout(5)
    asker.sendto(packet, (sys.argv[1], 53))
    answer = asker.recv(512)
    print(socket.inet_ntoa(answer[-4:]) if struct.unpack(">H", answer[6:8])[0] else "unknown")
