"""Opens sites in their packed forms in Chromium by file://.

Usage: check_packed.py FOLDER CHROMIUM. The folder has a packed site "site", a file "all.html" with a collection and
a file "one.html" with a clip, all of the same records as check_site.py's. Ends with status 1 if there is a problem.
"""

import json
import sys
import zipfile
from pathlib import Path

from playwright.sync_api import sync_playwright

import accessibility
import validity
from watching import PROBLEMS, expect, painted, watch, when

FOLDER, CHROMIUM = Path(sys.argv[1]).resolve(), sys.argv[2]
SITE = FOLDER / "site"


def check_clip(page, name: str) -> None:
    """A page of a clip does everything that it does in a full site."""
    when(page, "Boolean(document.getElementById('video')) && document.getElementById('video').readyState >= 2", f"{name}: the video does not load")
    when(page, "typeof avu !== 'undefined' && Boolean(avu.player)", f"{name}: the scripts do not run")
    when(page, "Math.abs(document.getElementById('video').currentTime - 1.5) < 0.1", f"{name}: #t= does not seek")
    page.wait_for_timeout(200)
    expect(painted(page) > 0, f"{name}: no mask at a sounding moment")
    page.evaluate("for (const image of document.images) image.loading = 'eager'")
    when(page, "Array.from(document.images).every(i => i.complete && i.naturalWidth > 0)", f"{name}: a picture is missing")
    page.locator(".sentences .seek").nth(1).click()
    when(page, "Math.abs(document.getElementById('video').currentTime - 2.5) < 0.1", f"{name}: a sentence does not seek")
    with page.expect_download() as download:
        page.locator("a[download]", has_text="Masks").click()
    frames = json.loads(Path(download.value.path()).read_text())["prediction"]["frames"]
    masks = [frame["mask"]["counts"] for frame in frames]
    expect(len(masks) == 4 and download.value.suggested_filename == "index.json", f"{name}: {download.value.suggested_filename} has {len(masks)} masks")
    with page.expect_download() as download:
        page.locator("#export-masks").click()
    with zipfile.ZipFile(download.value.path()) as archive:
        expect(len(archive.namelist()) == 10, f"{name}: the archive holds {archive.namelist()}")


def check_packed(browser) -> None:
    page = browser.new_page()
    watch(page, "packed")
    page.goto((SITE / "collections/demo/index.html").as_uri())
    page.locator("#clips-table a.clip-link", has_text="one").click()
    page.wait_for_url("**/clip.html?collections/demo/clips/one/index.html*")
    when(page, "document.title.startsWith('one')", "packed: the clip is not shown")
    page.goto((SITE / "clip.html").as_uri() + "?collections/demo/clips/one/index.html#t=1.5")
    check_clip(page, "packed")
    page.locator("#next").click()
    when(page, "!document.title.startsWith('one')", "packed: the next clip is not shown")
    page.locator(".crumbs a", has_text="demo").click()
    page.wait_for_url("**/collections/demo/index.html*")
    page.goto((SITE / "clip.html").as_uri() + "?collections/demo/clips/none/index.html")
    when(page, "document.body.innerText.includes('There is no such clip')", "packed: a clip that is not there is not told")
    for path in ("index.html", "results.html", "queue.html", "methods.html", "models.html"):
        page.goto((SITE / path).as_uri())
        page.evaluate("for (const image of document.images) image.loading = 'eager'")
        when(page, "Array.from(document.images).every(i => i.complete && i.naturalWidth > 0)", f"packed: {path}: a picture is missing")
    page.close()


def check_file(browser, name: str) -> None:
    page = browser.new_page()
    watch(page, name)
    page.goto((FOLDER / name).as_uri() + "#t=1.5")
    if name == "all.html":
        expect(page.inner_text("h1") == "demo", f"{name}: begins with {page.inner_text('h1')}")
        page.locator("#clips-table a.clip-link", has_text="one").click()
        when(page, "document.title.startsWith('one')", f"{name}: the clip is not shown")
        page.goto(page.url.split("#")[0] + "#t=1.5")
        page.reload()
    check_clip(page, name)
    page.goto((FOLDER / name).as_uri() + "?methods.html#t=1")
    when(page, "document.title === 'Methods'", f"{name}: another page is not shown")
    page.close()


def check_file_without_scripts(browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((FOLDER / "one.html").as_uri())
    expect("a red ball bounces" in page.inner_text("main"), "one.html without scripts: no sentences")
    expect(page.locator("video[controls]").count() == 1 and page.locator(".pictures img").count() > 0, "one.html without scripts: no video")
    context.close()


files = [FOLDER / "one.html", FOLDER / "all.html"]
validity.check_html(sorted(SITE.rglob("*.html")) + files)
validity.check_links(SITE, sorted(SITE.rglob("*.html")))
with sync_playwright() as playwright:
    chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
    check_packed(chromium)
    for file in files:
        check_file(chromium, file.name)
    check_file_without_scripts(chromium)
    accessibility.check_rules(chromium, [path.as_uri() for path in files + [SITE / "clip.html"]])
    chromium.close()

print("\n".join(PROBLEMS) or "no problems")
sys.exit(1 if PROBLEMS else 0)
