"""kombu's transport over a folder, with messages that appear and vanish whole.

kombu creates a message file and fills it afterwards, so a worker that looks in between
reads an empty one and its connection breaks; it also moves messages through the common
temporary folder. Here a message is written aside and then renamed, within our own folder.
"""

import json
import os
import uuid
from pathlib import Path
from queue import Empty
from time import time_ns
from typing import Any

from kombu.transport import filesystem


class Channel(filesystem.Channel):
    """A channel whose writing and taking of a message is one rename each."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for folder in (self._folder, Path(self.control_folder)):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    @property
    def _folder(self) -> Path:
        return Path(self.data_folder_in)

    def _put(self, queue: str, payload: Any, **kwargs: Any) -> None:  # type: ignore[override]  # kombu's own two signatures differ
        name = f"{time_ns()}_{uuid.uuid4().hex}"
        part = self._folder / f"{name}.part"
        part.write_text(json.dumps(payload), encoding="utf-8")
        part.rename(self._folder / f"{name}.{queue}.msg")

    def _get(self, queue: str, timeout: float | None = None) -> Any:
        ending = f".{queue}.msg"
        for name in sorted(os.listdir(self._folder)):
            if name.partition(".")[1] + name.partition(".")[2] != ending:
                continue
            taken = self._folder / f"{name.partition('.')[0]}.taken"
            try:
                (self._folder / name).rename(taken)
                payload = json.loads(taken.read_text(encoding="utf-8"))
            except (FileNotFoundError, json.JSONDecodeError):
                # Another worker was faster, or the machine went down while writing: a
                # message is only a wake-up.
                continue
            finally:
                taken.unlink(missing_ok=True)
            return payload
        raise Empty


class Transport(filesystem.Transport):
    """kombu's file-system transport with our channel."""

    Channel = Channel
