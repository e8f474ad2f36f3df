"""Accessibility: axe-core's rules in both themes at two widths, and a walk by keyboard."""

from pathlib import Path

from watching import PROBLEMS, expect

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def axe_source() -> str | None:
    """The script of axe-core, which a Python package brings along; nil where it is not installed."""
    try:
        import axe_playwright_python
    except ImportError:
        return None
    return (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()


def check_rules(browser, addresses: list[str]) -> None:
    source = axe_source()
    if source is None:
        print("skipped, needs axe-playwright-python: accessibility rules")
        return
    for width, scheme in ((360, "dark"), (360, "light"), (1280, "dark"), (1280, "light")):
        # The rules are a script from outside, which the pages' own policy would refuse.
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True)
        page = context.new_page()
        for address in addresses:
            # Another fragment alone would not load a page anew.
            page.goto("about:blank")
            page.goto(address, wait_until="load")
            page.wait_for_function("!document.getElementById('browser') || document.getElementById('browser').dataset.ready")
            page.evaluate("for (const details of document.querySelectorAll('details')) details.open = true")
            page.evaluate(source)
            found = page.evaluate("rules => axe.run(document, { runOnly: rules })", RULES)
            for violation in found["violations"]:
                where = "; ".join(str(node["target"][0]) for node in violation["nodes"][:3])
                PROBLEMS.append(f"axe: {'/'.join(address.split('/')[-2:])} at {width} {scheme}: {violation['id']}: {violation['help']} ({where})")
        context.close()


def check_forced_colours(browser, clip: Path) -> None:
    """With the system's own colours, what is chosen is still told apart from what is not."""
    context = browser.new_context(forced_colors="active")
    page = context.new_page()
    page.goto(clip.as_uri() + "#layer=difference")
    paper = lambda value: page.locator(f"input[value={value}] + span").evaluate("e => getComputedStyle(e).backgroundColor")
    expect(paper("difference") != paper("truth"), "forced colours: the chosen layer looks like the others")
    context.close()


def check_keyboard(browser, clip: Path) -> None:
    """Every control is reached by Tab, visibly; keys of the player can be switched off."""
    page = browser.new_page()
    page.goto(clip.as_uri())
    page.keyboard.press("Tab")
    expect(page.evaluate("document.activeElement.className") == "skip", "keyboard: the first stop is not the skip link")
    reached = set()
    for _ in range(250):
        page.keyboard.press("Tab")
        state = page.evaluate(
            """() => { const e = document.activeElement, s = getComputedStyle(e), r = e.getBoundingClientRect();
            const around = e.nextElementSibling ? getComputedStyle(e.nextElementSibling) : s;
            return [e.id || e.tagName, s.outlineStyle !== 'none' || around.outlineStyle !== 'none', r.width > 0 && r.height > 0]; }""")
        reached.add(state[0])
        # The controls inside a video are the browser's own.
        expect(state[0] == "video" or (state[1] and state[2]), f"keyboard: the focus is not seen on {state[0]}")
        if state[0] == "export-masks":
            break
    for control in ("theme", "video", "scrub", "opacity", "step-on", "frame-on", "full", "copy", "export-masks"):
        expect(control in reached, f"keyboard: {control} is not reached")
    frame = lambda: page.evaluate("avu.player.frame()")
    page.locator("#player").focus()
    before = frame()
    page.keyboard.press(".")
    expect(frame() == before + 1, "keyboard: . does not step a frame on")
    page.locator("#keys summary").click()
    page.locator("#keys-on").uncheck()
    page.locator("#player").focus()
    page.keyboard.press(".")
    expect(frame() == before + 1, "keyboard: a key works although keys are off")
    page.locator("#keys-on").check()
    page.close()
