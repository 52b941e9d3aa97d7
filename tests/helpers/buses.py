"""Message buses with a keyring on them that is mute, locked or well, each in a folder of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

MUTE = """
from jeepney import message_bus
from jeepney.io.blocking import open_dbus_connection
import sys, time
connection = open_dbus_connection(bus=sys.argv[1])
answer = connection.send_and_get_reply(message_bus.RequestName("org.freedesktop.secrets"))
assert answer.body == (1,), answer.body
print("here", flush=True)
time.sleep(3600)
"""
"""Owns the name of the Secret Service and never answers anybody."""

EMPTY = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:dir=/tmp</listen>
<policy context="default"><allow send_destination="*"/><allow receive_sender="*"/><allow own="*"/></policy></busconfig>
"""
"""A bus that starts no service by itself."""


@contextmanager
def mute_bus(folder: Path) -> Iterator[str]:
    """Give the address of a bus that lets everybody in and then says nothing; needs nothing installed."""
    path, guests = folder / "bus", []
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()

        def welcome() -> None:
            with suppress(OSError):  # closed
                while True:
                    guest, _ = listener.accept()
                    guests.append(guest)
                    _let_in(guest)

        thread = threading.Thread(target=welcome)
        thread.start()
        try:
            yield f"unix:path={path}"
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()
            for guest in guests:
                guest.close()


def _let_in(guest: socket.socket) -> None:
    """Say what a bus says until the first message (D-Bus specification, authentication protocol)."""
    said = b""
    while b"BEGIN" not in said:
        said = guest.recv(4096)
        if b"AUTH" in said:
            guest.sendall(b"OK 0123456789abcdef0123456789abcdef\r\n")
        elif b"NEGOTIATE" in said:
            guest.sendall(b"AGREE_UNIX_FD\r\n")
        elif not said:
            return


@contextmanager
def bus(folder: Path) -> Iterator[str]:
    """Give the address of a real bus with nobody on it."""
    config = folder / "bus.conf"
    config.write_text(EMPTY)
    command = ["dbus-daemon", f"--config-file={config}", f"--address=unix:path={folder}/bus", "--nofork"]
    with subprocess.Popen([*command, "--print-address=1"], stdout=subprocess.PIPE, text=True) as daemon:
        assert daemon.stdout is not None
        try:
            yield daemon.stdout.readline().strip()
        finally:
            daemon.kill()


@contextmanager
def mute_service(address: str) -> Iterator[None]:
    """Put a Secret Service on the bus that never answers."""
    command = [sys.executable, "-c", MUTE, address]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as service:
        try:
            assert service.stdout is not None and service.stdout.readline() == "here\n"
            yield
        finally:
            service.kill()


@contextmanager
def gnome_keyring(environment: Mapping[str, str]) -> Iterator[int]:
    """Put the real keyring on the bus, unlocked; gives its process id."""
    with subprocess.Popen(
        ["gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=dict(environment),
    ) as daemon:
        try:
            assert daemon.stdin is not None
            daemon.stdin.write(b"pw")
            daemon.stdin.close()
            _wait_for_service(environment)
            yield daemon.pid
        finally:
            daemon.kill()


def _wait_for_service(environment: Mapping[str, str]) -> None:
    look = (
        "import secretstorage, time\n"
        "bus = secretstorage.dbus_init()\n"
        "for _ in range(200):\n"
        "    if secretstorage.check_service_availability(bus): break\n"
        "    time.sleep(0.05)\n"
        "assert not secretstorage.Collection(bus).is_locked()\n"
    )
    subprocess.run([sys.executable, "-c", look], env=dict(environment), check=True, timeout=30)


def lock(environment: Mapping[str, str]) -> None:
    """Lock the keyring, as a desktop does with its screen where it is told to."""
    code = "import secretstorage; secretstorage.Collection(secretstorage.dbus_init()).lock()"
    subprocess.run([sys.executable, "-c", code], env=dict(environment), check=True, timeout=30)


def on_bus(address: str, folder: Path) -> dict[str, str]:
    """Return the environment of processes that find that bus, and that look for the system's own keyring."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHON_KEYRING_BACKEND"}
    return {**kept, "DBUS_SESSION_BUS_ADDRESS": address, "XDG_RUNTIME_DIR": str(folder)}
