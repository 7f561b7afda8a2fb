"""The control channel of every Python process under test: one JSON object per line in, one out.

A command is `{"cmd": "name", ...}`; its answer is `{"ok": true, ...}` or `{"ok": false, "error": text}`,
in the order of the commands. What the process prints otherwise goes to stderr, so that stdout holds
answers only. End of stdin ends the process: a test that dies leaves nobody behind.
"""

import json
import os
import sys
import traceback
from collections.abc import Callable


def take_stdout():
    """Reserve the real stdout for answers; everything else that prints reaches stderr."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    os.dup2(2, 1)
    return answers


def serve(answers, ready: dict, commands: dict[str, Callable[..., object]]) -> None:
    """Say `ready`, then answer commands until `quit` or the end of stdin."""
    say(answers, {"ready": True, "pid": os.getpid(), **ready})
    for line in sys.stdin:
        if not line.strip():
            continue
        try:
            request = json.loads(line)
            name = request.pop("cmd")
            if name == "quit":
                say(answers, {"ok": True})
                return
            result = commands[name](**request)
            say(answers, {"ok": True, "result": result})
        except Exception as error:  # noqa: BLE001 - the test wants to see it, whatever it is
            traceback.print_exc()
            say(answers, {"ok": False, "error": f"{type(error).__name__}: {error}"})


def say(answers, value: dict) -> None:
    answers.write(json.dumps(value, default=str) + "\n")
    answers.flush()
