"""Somebody at a second or third screen of a desk; run as a script with a name.

Each line on standard input is a task: ``work SEED WRITES CONVERSATIONS`` does so many random things to the
first conversations through the desk and answers with one line of JSON, ``race CONVERSATION`` reads a conversation, says "ready", answers it at the next line and says what came of it.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parent.parent))

from helpers.agent import Agent


def main() -> None:
    """Do one task after the other."""
    agent = Agent(sys.argv[1])
    for line in sys.stdin:
        what, *values = line.split()
        if what == "work":
            print(json.dumps(agent.work(Random(int(values[0])), int(values[1]), int(values[2]))), flush=True)
        else:
            print(agent.race(int(values[0])), flush=True)


if __name__ == "__main__":
    main()
