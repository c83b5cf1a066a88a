"""On PYTHONPATH, this cuts a Python process and those it starts off from the network.

Loopback and sockets of the file system stay open: kernels talk over them.
"""

import ipaddress
import sys

_EVENTS = {"socket.connect": 1, "socket.sendto": 1, "socket.getaddrinfo": 0, "socket.gethostbyname": 0}


def _refuse(event, arguments):
    if event not in _EVENTS:
        return
    address = arguments[_EVENTS[event]]
    host = address[0] if isinstance(address, tuple) else address
    asked_by_name = event.startswith("socket.get")
    if (asked_by_name or isinstance(address, tuple)) and not _here(host):
        raise RuntimeError(f"the network is cut in this test: {event} {host!r}")


def _here(host):
    if host in (None, "", "localhost", b"localhost"):
        return True
    try:
        return ipaddress.ip_address(host if isinstance(host, str) else host.decode()).is_loopback
    except ValueError:
        return False


sys.addaudithook(_refuse)
