"""Somebody at a second or third screen of a desk; run as a script with a name.

Each line on standard input is a task: ``work SEED WRITES CONVERSATIONS`` does so many random things to the
first conversations through the desk and answers with one line of JSON, ``race CONVERSATION`` reads a conversation, says "ready", at the next line adds to
its draft and says "added", at the next line answers it and says what came of it.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parent.parent))

from helpers.agent import Agent
from socialdesk.storage import lock

DAWDLE = 0.004
"""Seconds, at most, that a machine with much to do lets pass before somebody asks for their turn to write.

Whatever was read before that may be old by then.
"""


def dawdle(random: Random) -> None:
    """Let the machine be one with much to do."""
    wait = lock._wait

    def late(handle: int, patience: float) -> None:
        time.sleep(random.uniform(0, DAWDLE))
        wait(handle, patience)

    lock._wait = late


def main() -> None:
    """Do one task after the other."""
    dawdle(Random(sys.argv[1]))
    agent = Agent(sys.argv[1])
    for line in sys.stdin:
        what, *values = line.split()
        if what == "work":
            print(json.dumps(agent.work(Random(int(values[0])), int(values[1]), int(values[2]))), flush=True)
        else:
            print(agent.race(int(values[0])), flush=True)


if __name__ == "__main__":
    main()
