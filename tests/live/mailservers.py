"""A mail provider on this machine: Dovecot keeps and shows the letters, aiosmtpd takes them with a password.

One configuration in a temporary folder, on free ports of 127.0.0.1, as root or as an ordinary user.
"""

from __future__ import annotations

import contextlib
import json
import os
import pwd
import shutil
import smtplib
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from live.servers import NotInstalled, _await_port, _free_port, _running

DOMAIN = "tienda.test"
PASSWORD = 'clave-ñ"&-de-pega'
_CONFIGURATION = """
protocols = imap lmtp
base_dir = {run}
state_dir = {run}/state
log_path = {folder}/dovecot.log
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain login
listen = 127.0.0.1
mail_location = maildir:{folder}/mail/%n
mail_uid = {user}
mail_gid = {group}
first_valid_uid = 1
default_internal_user = {internal}
default_login_user = {login}
default_internal_group = {internal_group}
mail_max_userip_connections = 100
auth_failure_delay = 0
passdb {{
  driver = passwd-file
  args = scheme=plain username_format=%u {folder}/users
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={folder}/mail/%n
}}
namespace inbox {{
  inbox = yes
  mailbox Sent {{
    auto = subscribe
    special_use = \\Sent
  }}
  mailbox Pedidos {{
    auto = subscribe
  }}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp}
  }}
}}
service anvil {{
  chroot =
}}
"""


@dataclass
class MailServers:
    """Where they listen."""

    imap: int
    lmtp: int
    folder: Path
    smtp: int = 0

    def options(self, user: str) -> dict[str, str]:
        """The settings of an account there."""
        return {
            "address": f"{user}@{DOMAIN}",
            "imap": f"plain://127.0.0.1:{self.imap}",
            "smtp": f"plain://127.0.0.1:{self.smtp}",
        }

    @property
    def taken(self) -> list[tuple[str, list[str], bytes]]:
        """What was taken to be sent: sender, recipients and letter."""
        found = []
        for path in sorted((self.folder / "taken").glob("??????")):
            line, _, source = path.read_bytes().partition(b"\n")
            sender, recipients = json.loads(line)
            found.append((str(sender), [str(one) for one in recipients], source))
        return found

    def forget(self) -> None:
        """Take what was taken out of sight."""
        for path in (self.folder / "taken").iterdir():
            path.unlink()

    def lose_an_answer(self) -> None:
        """Take the next letter and hang up without a word."""
        (self.folder / "loses").touch()

    def deliver(self, to: str, source: bytes, sender: str = "") -> None:
        """Put a letter into a mailbox, as if it came from outside."""
        with smtplib.LMTP("127.0.0.1", self.lmtp) as lmtp:
            lmtp.sendmail(sender, [f"{to}@{DOMAIN}"], source)


@contextlib.contextmanager
def mail_servers(
    users: tuple[str, ...] = ("info", "ventas", "uno", "dos", "tres", "cuatro", "cinco"),
) -> Iterator[MailServers]:
    """Run both; raises ``NotInstalled``."""
    if shutil.which("dovecot") is None or not Path("/usr/lib/dovecot/lmtp").exists():
        raise NotInstalled("Dovecot is not installed; run tests/live/install.sh")
    with contextlib.ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="socialdesk-mail-"))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        servers = MailServers(_free_port(), _free_port(), folder)
        command = ["dovecot", "-F", "-c", str(_configured(servers, users))]
        stack.enter_context(_running(command, folder / "output.log"))
        _await_port(servers.imap)
        _await_port(servers.lmtp)
        stack.enter_context(_sending(servers))
        yield servers


def _configured(servers: MailServers, users: tuple[str, ...]) -> Path:
    folder, run = servers.folder, servers.folder / "run"
    root = os.geteuid() == 0
    me = pwd.getpwuid(os.geteuid())
    folder.chmod(0o755)
    (folder / "mail").mkdir()
    run.mkdir()
    if root:
        shutil.chown(folder / "mail", "mail", "mail")
    lines = (f"{user}@{DOMAIN}:{{PLAIN}}{PASSWORD}::::::" for user in users)
    (folder / "users").write_text("\n".join(lines) + "\n", "utf-8")
    (folder / "users").chmod(0o644)
    mine = str(me.pw_gid)
    text = _CONFIGURATION.format(
        folder=folder,
        run=run,
        imap=servers.imap,
        lmtp=servers.lmtp,
        user="mail" if root else me.pw_name,
        group="mail" if root else mine,
        internal="dovecot" if root else me.pw_name,
        login="dovenull" if root else me.pw_name,
        internal_group="dovecot" if root else mine,
    )
    path = folder / "dovecot.conf"
    path.write_text(text)
    return path


@contextlib.contextmanager
def _sending(servers: MailServers) -> Iterator[None]:
    (servers.folder / "taken").mkdir()
    (servers.folder / "password").write_text(PASSWORD, "utf-8")
    servers.smtp = _free_port()
    words = (str(servers.smtp), str(servers.lmtp), str(servers.folder), DOMAIN)
    command = [sys.executable, str(Path(__file__).with_name("sendingserver.py")), *words]
    with _running(command, servers.folder / "sending.log"):
        _await_port(servers.smtp)
        yield
