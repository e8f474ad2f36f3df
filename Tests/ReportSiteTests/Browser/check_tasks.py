"""Does what users come for, in Chromium by file:// without a network, and counts their clicks.

Usage: check_tasks.py SITE CHROMIUM. Prints a line a task; ends with status 1 if one fails or takes too many.
The site must have three violin clips in the collection "demo", the worst of them clip-0, which misses something
at 2.5 s, and two runs, "small" and "large".
"""

import sys
import time
import zipfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from watching import PROBLEMS, expect, painted, watch, when

SITE, CHROMIUM = Path(sys.argv[1]).resolve(), sys.argv[2]


class Reader:
    """A page with somebody before it who counts."""

    def __init__(self, page):
        self.page, self.clicks, self.begin = page, 0, time.monotonic()

    def click(self, locator):
        self.clicks += 1
        locator.click()
        self.page.wait_for_load_state()

    def done(self, task: str, most: int):
        print(f"{task}: {self.clicks} clicks, {time.monotonic() - self.begin:.1f} s")
        expect(self.clicks <= most, f"{task}: {self.clicks} clicks, more than {most}")


def start(browser, name: str, address: Path = SITE / "index.html") -> Reader:
    context = browser.new_context(offline=True, accept_downloads=True)
    page = context.new_page()
    watch(page, name)
    page.goto(address.as_uri())
    return Reader(page)


def worst_clip(browser) -> str:
    reader = start(browser, "worst")
    page = reader.page
    reader.click(page.get_by_role("link", name="demo"))
    when(page, "performance.getEntriesByName('avu-list-ready').length > 0", "worst: the list is not ready")
    reader.click(page.locator("#categories + * a, [aria-labelledby=categories] a").filter(has_text="violin"))
    when(page, "document.querySelectorAll('#clips-table tbody tr').length === 3", "worst: not the violin clips alone")
    reader.click(page.locator("#clips-table tbody a.clip-link").first)
    expect("clip-0" in page.inner_text("h1"), "worst: it is not the worst clip")
    reader.done("find the worst violin clip", 3)
    return page.url


def why(browser, address: str):
    reader = start(browser, "why")
    page = reader.page
    page.goto(address)
    expect("Masks right at 3 of 4 moments" in page.inner_text(".findings"), "why: no verdict")
    reader.click(page.locator(".findings .seek").first)
    when(page, "Math.abs(document.getElementById('video').currentTime - 2.5) < 0.1", "why: the finding does not lead there")
    expect("Missed" in page.inner_text(".findings"), "why: no reason")
    reader.click(page.locator("label", has_text="Difference"))
    when(page, "document.getElementById('video').readyState >= 2", "why: the video does not load")
    page.wait_for_timeout(200)
    expect(painted(page) > 0, "why: no difference is drawn")
    reader.done("see why it failed", 2)


def compare(browser):
    reader = start(browser, "compare")
    page = reader.page
    reader.click(page.get_by_role("link", name="Results"))
    reader.click(page.get_by_role("link", name="small → large"))
    expect("Better in mIoU." in page.inner_text("main"), "compare: no verdict")
    reader.done("compare two runs", 2)


def send(browser, address: str):
    reader = start(browser, "send")
    page = reader.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(address.split("#")[0])
    when(page, "document.getElementById('video').readyState >= 1", "send: the video does not load")
    reader.clicks += 1
    page.locator(".lane.waveform").scroll_into_view_if_needed()
    box = page.locator(".lane.waveform .lane-box").bounding_box()
    page.mouse.click(box["x"] + box["width"] * 7 / 8, box["y"] + 5)
    reader.click(page.locator("#copy"))
    page.wait_for_timeout(100)
    link = page.evaluate("navigator.clipboard.readText().catch(() => location.href)")
    colleague = browser.new_context(offline=True).new_page()
    colleague.goto(link)
    when(colleague, "Math.abs(document.getElementById('video').currentTime - 7) < 0.1", f"send: {link} does not lead to second 7")
    reader.done("send a link to second 7", 2)


def export(browser, address: str):
    reader = start(browser, "export")
    page = reader.page
    page.goto(address)
    reader.click(page.locator("#to-downloads"))
    with page.expect_download() as download:
        reader.click(page.locator("#export-masks"))
    with zipfile.ZipFile(download.value.path()) as archive:
        names = archive.namelist()
        expect(archive.testzip() is None and sum(name.startswith("prediction/") for name in names) == 4, f"export: {names}")
    reader.done("export the masks", 2)
    # A browser shows a file of the disk instead of saving it.
    page.get_by_role("link", name="Masks and all else shown here").click()
    page.wait_for_load_state()
    expect(page.url.endswith("index.json") and '"counts"' in page.inner_text("body"), "export: no run lengths")


with sync_playwright() as playwright:
    chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
    clip = worst_clip(chromium)
    why(chromium, clip)
    compare(chromium)
    send(chromium, clip)
    export(chromium, clip)
    chromium.close()

print("\n".join(PROBLEMS) or "no problems")
sys.exit(1 if PROBLEMS else 0)
