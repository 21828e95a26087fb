"""`make run`: set everything up, then serve with the embedded database and queue.

Takes PORT, DATA_DIR and DEMO from the environment. What is in DATA_DIR stays.
"""

import os
import secrets
import socket
import subprocess
import sys
from pathlib import Path

import setup
from steps import ROOT, VENV_PYTHON, end_on_signals, fail, fingerprint, must, say


def wanted_port() -> int:
    """PORT as a number; ends with a message if it is none or somebody listens there."""
    text = os.environ.get("PORT") or "8000"
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 65535:
        fail(f"PORT must be a number from 1 to 65535, not {text!r}.")
    for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        try:
            with socket.socket(family, socket.SOCK_STREAM) as probe:
                probe.settimeout(1)
                taken = probe.connect_ex((host, int(text))) == 0
        except OSError:  # a machine without IPv6
            continue
        if taken:
            fail(f"Port {text} is in use. Take another: make run PORT={int(text) % 65535 + 1}")
    return int(text)


def make_data_dir() -> Path:
    """The folder of all data, made so that only its owner may look inside."""
    folder = Path(os.environ.get("DATA_DIR") or ROOT / "var").expanduser().resolve()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        (folder / ".writable").touch()
        (folder / ".writable").unlink()
    except OSError as error:
        fail(f"DATA_DIR={folder} cannot be written: {error.strerror}.")
    return folder


def secret_key(data_dir: Path) -> str:
    """The installation's own key, made at the first start."""
    path = data_dir / "secret_key"
    if not path.is_file():
        say(f"Making a secret key in {path}")
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(60))
    return path.read_text().strip()


def manage(env: dict[str, str], *words: str) -> None:
    """Run a management command; end with a message when it fails."""
    must(
        [VENV_PYTHON, "manage.py", *words],
        f"`manage.py {words[0]}` failed; its message is above.",
        env,
    )


def collect_static(env: dict[str, str]) -> None:
    """Hash and compress the static files, if one of them changed since the last time."""
    folders = (ROOT / "static", ROOT / "build" / "vendor")
    files = [path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file()]
    wanted = fingerprint(ROOT / "requirements.lock", ROOT / "package-lock.json", *files)
    stamp = ROOT / "build" / "static.stamp"
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    say("Collecting static files")
    manage(env, "collectstatic", "--noinput", "--clear", "--verbosity=0")
    stamp.write_text(wanted)


def is_empty(env: dict[str, str]) -> bool:
    """Whether nobody has a sign-in yet, so that the demo cannot mix with real data."""
    question = "from mentoring.accounts.models import User; print(User.objects.exists())"
    command = [VENV_PYTHON, "manage.py", "shell", "--no-imports", "-c", question]
    answer = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True)
    return answer.stdout.strip() == "False"


def main() -> None:
    """Do all steps, then become the server."""
    os.chdir(ROOT)
    parent = os.getppid()
    port = wanted_port()
    data_dir = make_data_dir()
    setup.setup("run")
    env = {
        **os.environ,
        "DATA_DIR": str(data_dir),
        "SECRET_KEY": os.environ.get("SECRET_KEY") or secret_key(data_dir),
        "BASE_URL": f"http://localhost:{port}",
        "DEBUG": "0",
        "DEMO": "0",
        "PYTHONUNBUFFERED": "1",
    }
    collect_static(env)
    say(f"Bringing the database up to date (data in {data_dir})")
    manage(env, "migrate", "--noinput", "--verbosity=0")

    with_demo = os.environ.get("DEMO", "1").lower() not in ("", "0", "false", "no", "off")
    demo_mark = data_dir / "demo"
    if with_demo and not demo_mark.exists() and is_empty(env):
        say("Loading the demo (start with DEMO=0 for an empty installation)")
        manage({**env, "DEMO": "1"}, "demo")
        demo_mark.touch()
    if with_demo and demo_mark.exists():
        env["DEMO"] = "1"

    say(f"Starting on port {port}")
    words = [VENV_PYTHON, "manage.py", "serve", "--port", port, "--end-with", parent]
    os.execve(VENV_PYTHON, [str(word) for word in words], env)


if __name__ == "__main__":
    end_on_signals()
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
