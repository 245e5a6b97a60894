# SPDX-License-Identifier: GPL-3.0-or-later
"""Who sends echo requests to an address ($2) over an interface ($1) within some seconds ($3)."""
import socket
import sys
import time

ALL = 0x0003
listener = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(ALL))
listener.bind((sys.argv[1], ALL))
listener.settimeout(1)
end, target = time.monotonic() + int(sys.argv[3]), socket.inet_aton(sys.argv[2])
seen = "nobody"
while seen == "nobody" and time.monotonic() < end:
    try:
        packet = listener.recv(2048)
    except socket.timeout:
        continue
    if packet[0] == 0x45 and packet[9] == socket.IPPROTO_ICMP and packet[16:20] == target and packet[20] == 8:
        seen = socket.inet_ntoa(packet[12:16])
print(seen)
