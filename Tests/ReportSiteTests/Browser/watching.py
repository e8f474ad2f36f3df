"""What all checks share: the list of problems, and an ear for everything that a page complains about."""

import time

PROBLEMS: list[str] = []


def expect(holds: object, words: str) -> None:
    if not holds:
        PROBLEMS.append(words)


def watch(page, name: str) -> None:
    """Notes everything that a page complains about or asks for from elsewhere."""
    page.on("console", lambda m: m.type in ("error", "warning") and PROBLEMS.append(f"{name}: console: {m.text}"))
    page.on("pageerror", lambda e: PROBLEMS.append(f"{name}: script: {e}"))
    page.on("requestfailed", lambda r: _failed(r, name))
    page.on("request", lambda r: r.url.startswith(("file:", "data:", "blob:")) or PROBLEMS.append(f"{name}: asks for {r.url}"))


def _failed(request, name: str) -> None:
    # Chromium gives up running requests of videos and pictures when it seeks or leaves the page, and notes a download so.
    if request.failure != "net::ERR_ABORTED" or request.resource_type not in ("media", "document", "image"):
        PROBLEMS.append(f"{name}: failed {request.url}: {request.failure}")


def when(page, expression: str, words: str) -> None:
    """Waits until an expression holds. Asks from outside: the pages' policy forbids them to evaluate text."""
    end = time.monotonic() + 20
    while not page.evaluate(expression):
        if time.monotonic() > end:
            return PROBLEMS.append(words)
        page.wait_for_timeout(50)


def painted(page):
    """How many pixels of the overlay are not clear."""
    return page.evaluate(
        """() => { const o = document.getElementById('overlay'), c = document.createElement('canvas');
        c.width = o.width; c.height = o.height; c.getContext('2d').drawImage(o, 0, 0);
        const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;
        let n = 0; for (let i = 3; i < d.length; i += 4) n += d[i] > 0; return n; }""")


def shown(page) -> str:
    """What the overlay shows, to be told from what it shows at another time."""
    return page.evaluate("document.getElementById('overlay').toDataURL()")
