"""Starts real engine processes to be killed; run as a script with the desk's folder and the proof of the network.

Each line on standard input forks one engine, whose process id is answered on a line; importing everything once
and forking makes ten thousand deaths a matter of half an hour. On the line stand the seed of its network's faults
and, where it is to die by itself, the boundary at which it does (``helpers.fuse``), else 0.
"""

from __future__ import annotations

import asyncio
import os
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parent.parent))

from helpers.flight import guarded
from helpers.fuse import Fuse
from helpers.network import Network, Script, connector_for
from socialdesk import logs, paths
from socialdesk.clock import SystemClock
from socialdesk.config import Config
from socialdesk.connectors.contract import Proof
from socialdesk.secrets import Secrets
from socialdesk.storage.database import Database
from socialdesk.sync import pace
from socialdesk.sync.engine import Engine

SETTLE = timedelta(seconds=0.5)
LATENESS = timedelta(seconds=0.35)


def serve(proof: Proof, network_file: str, seed: int, fuse: int) -> None:
    """Be an engine until killed."""
    pace.FIRST_DELAY = 0.05
    Fuse(fuse).lay()
    home, random = paths.find(), Random(seed)
    logs.start(home.log_file)
    network = Network(network_file, dedupes=proof is Proof.KEY)
    script = Script(network, random, lose_before=0.05, lose_after=0.05, late=0.25, lateness=LATENESS)
    script.latency = lambda: random.uniform(0, 0.012)
    kind = guarded(connector_for({"shop": script}, proof), Path(f"{network_file}.flight"))
    kind.capabilities = replace(kind.capabilities, settle=SETTLE, poll=timedelta(seconds=0.2))
    engine = Engine(
        Database(home.database),
        lambda _: kind,
        Secrets(home.data / "secrets.json"),
        SystemClock(),
        Config(),
        home,
        random=random,
    )
    asyncio.run(engine.run(asyncio.Event()))


def main() -> None:
    """Fork an engine for each line."""
    proof, network_file = Proof(sys.argv[1]), sys.argv[2]
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            sys.stdin.close()
            try:
                serve(proof, network_file, *map(int, line.split()))
            finally:
                os._exit(1)
        print(child, flush=True)
        os.waitpid(child, 0)
        print("dead", flush=True)


if __name__ == "__main__":
    main()
