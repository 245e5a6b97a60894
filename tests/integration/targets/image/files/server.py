# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Serve a folder on 127.0.0.1 in good and bad ways. Arguments: port, folder, log.

/plain/F    with ranges          /unsized/F  without Content-Length and ranges   /redirect/F  leads to /plain/F
/stall/F    half of it, then nothing more, unless a range is asked for           /cut/F       half of it, always
/quit       ends the server
"""
from __future__ import annotations

import http.server
import pathlib
import re
import sys
import threading
import time

PORT, FOLDER, LOG = int(sys.argv[1]), pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        _empty, way, *name = self.path.split("/")
        with LOG.open("a", encoding="utf-8") as log:
            log.write("%s %s\n" % (self.path, self.headers.get("Range", "-")))
        if way == "quit":
            self.answer(200, {"Content-Length": "0"})
            threading.Thread(target=self.server.shutdown).start()
        elif way == "redirect":
            self.answer(302, {"Location": "/plain/" + name[0], "Content-Length": "0"})
        elif not name or not (FOLDER / name[0]).is_file():
            self.send_error(404)
        else:
            self.give(way, (FOLDER / name[0]).read_bytes())

    def give(self, way, content):
        wanted = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        first = int(wanted[1]) if wanted and way in ("plain", "stall") else 0
        headers = {} if way == "unsized" else {"Content-Length": str(len(content) - first)}
        if first:
            headers["Content-Range"] = "bytes %d-%d/%d" % (first, len(content) - 1, len(content))
        self.answer(206 if first else 200, headers)
        half = len(content) // 2
        if way == "cut" or (way == "stall" and not first):
            self.wfile.write(content[:half])
            self.wfile.flush()
            if way == "stall":
                time.sleep(50)
        else:
            self.wfile.write(content[first:])

    def answer(self, status, headers):
        self.send_response(status)
        for header, value in headers.items():
            self.send_header(header, value)
        self.end_headers()

    def log_message(self, *_arguments):
        """The log holds what tests ask for."""


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_arguments):
        """Clients are killed in the tests."""


if __name__ == "__main__":
    Server(("127.0.0.1", PORT), Handler).serve_forever()
