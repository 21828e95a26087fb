"""Fill build/vendor/ with what npm installed and the application serves itself.

Run as ``npm run build`` or ``python .ci/vendor.py``, after ``npm ci`` and with the virtual
environment's Python: fonttools (a part of WeasyPrint) cuts the fonts down to the letters of
European languages, which leaves a third of their size.

Out comes: kern.css (KERN with two faces of Fira Sans), fonts/, htmx.min.js.
"""

import logging
import re
import shutil
import sys
from pathlib import Path

from fontTools import subset

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
OUT = ROOT / "build" / "vendor"
KERN = MODULES / "@kern-ux" / "native" / "dist"
FACES = {400: "FiraSans-Regular.woff2", 600: "FiraSans-SemiBold.woff2"}
# Latin with all its extensions, combining marks, punctuation, currency, arrows, and the
# Greek and Cyrillic letters of names. Anything else comes from the system's own fonts.
LETTERS = [
    *range(0x20, 0x250),
    *range(0x2B0, 0x370),
    *range(0x370, 0x530),
    *range(0x1E00, 0x1F00),
    *range(0x2000, 0x2070),
    *range(0x20A0, 0x20C0),
    *range(0x2100, 0x2200),
    0x2212,
    0xFB01,
    0xFB02,
]
# The manifest storage looks for every file named in such a line, and there is none.
SOURCE_MAP = re.compile(r"\n?(/\*|//)# sourceMappingURL=[^\n]*")


# Remarks about the font tables, which are as KERN ships them.
logging.getLogger("fontTools").setLevel(logging.ERROR)


def cut_font(source: Path, target: Path) -> None:
    """Write ``source`` with our letters only to ``target`` as WOFF2."""
    options = subset.Options(flavor="woff2", layout_features=["*"], hinting=False)
    font = subset.load_font(str(source), options)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=LETTERS)
    cutter.subset(font)
    subset.save_font(font, str(target), options)


def font_face(weight: int, name: str) -> str:
    """The rule for one face; text is readable before the font is there."""
    return (
        f'@font-face{{font-family:"Fira Sans";src:url("fonts/{name}") format("woff2");'
        f"font-weight:{weight};font-style:normal;font-display:swap}}\n"
    )


def main() -> int:
    """Build everything anew; 1 if npm has not installed the packages."""
    htmx = MODULES / "htmx.org" / "dist" / "htmx.min.js"
    css = KERN / "kern.min.css"
    missing = [str(path.relative_to(ROOT)) for path in (htmx, css) if not path.is_file()]
    if missing:
        sys.stderr.write(f"Missing: {', '.join(missing)}. Run npm ci first.\n")
        return 1
    shutil.rmtree(OUT, ignore_errors=True)
    (OUT / "fonts").mkdir(parents=True)
    for name in FACES.values():
        cut_font(KERN / "fonts" / "fira-sans" / name, OUT / "fonts" / name)
    text = css.read_text(encoding="utf-8-sig").removeprefix('@charset "UTF-8";')
    faces = "".join(font_face(weight, name) for weight, name in FACES.items())
    (OUT / "kern.css").write_text(f'@charset "UTF-8";\n{faces}{SOURCE_MAP.sub("", text)}')
    script = htmx.read_text(encoding="utf-8")
    (OUT / "htmx.min.js").write_text(SOURCE_MAP.sub("", script), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
