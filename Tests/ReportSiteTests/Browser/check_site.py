"""Opens every page of a site in Chromium by file:// and checks what a reader would notice.

Usage: check_site.py SITE CHROMIUM. Prints one line a problem; ends with status 1 if there is one.
The site must have a clip "one" in the collection "demo": silent at 0.5 s, sounding at 1.5 s.
"""

import base64
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

import accessibility
import exporting
import validity
from watching import PROBLEMS, expect, painted, shown, watch, when

SITE, CHROMIUM = Path(sys.argv[1]).resolve(), sys.argv[2]
PAGES = sorted(SITE.rglob("*.html"))
CLIP = SITE / "collections/demo/clips/one/index.html"

# The colour of a place of a screenshot, its position as shares of width and height.
PIXEL = """async ([bytes, x, y]) => {
  const image = new Image();
  image.src = 'data:image/png;base64,' + bytes;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = image.width; canvas.height = image.height;
  const context = canvas.getContext('2d');
  context.drawImage(image, 0, 0);
  return Array.from(context.getImageData(Math.floor(x * image.width), Math.floor(y * image.height), 1, 1).data).slice(0, 3);
}"""


def check_pages(browser):
    for width, scheme in ((320, "light"), (1280, "dark")):
        context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
        for path in PAGES:
            name = str(path.relative_to(SITE))
            page = context.new_page()
            watch(page, name)
            page.goto(path.as_uri(), wait_until="load")
            policy = page.locator("meta[http-equiv='Content-Security-Policy']").get_attribute("content") or ""
            expect(policy.startswith("default-src 'none';") and "unsafe" not in policy, f"{name}: the policy is {policy!r}")
            expect(page.locator("h1").count() == 1, f"{name}: not exactly one h1")
            expect(page.locator("img:not([alt])").count() == 0, f"{name}: picture without alt")
            expect(page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{name}: scrolls sideways at {width}")
            for image in page.locator("img").all():
                image.scroll_into_view_if_needed()
            when(page, "Array.from(document.images).every(i => i.complete && i.naturalWidth > 0)", f"{name}: a picture is missing")
            page.close()
        context.close()


def check_player(browser):
    page = browser.new_page()
    watch(page, "player")
    address = (SITE / "collections/demo/clips/one/index.html").as_uri()
    page.goto(address + "#t=1.5")
    when(page, "document.getElementById('video').readyState >= 2 && Math.abs(document.getElementById('video').currentTime - 1.5) < 0.1", "player: #t= does not seek")
    page.wait_for_timeout(200)
    expect(painted(page) > 0, "player: no mask at a sounding moment")
    expect("red ball" in page.inner_text("#now"), "player: no sentence at a sounding moment")
    page.locator(".moments tr[data-time='0.500'] .seek").click()
    when(page, "document.getElementById('video').currentTime < 0.6 && !document.getElementById('video').seeking", "player: the table does not seek")
    page.wait_for_timeout(200)
    expect(painted(page) == 0, "player: a mask at a silent moment")
    page.locator(".sentences .seek").nth(1).click()
    when(page, "Math.abs(document.getElementById('video').currentTime - 2.5) < 0.1", "player: a sentence does not seek")
    expect("t=2.5" in page.url, "player: the address does not follow")
    expect("avu 0.1.0, checkout at abc1234" in page.inner_text("main"), "player: the program is not told")
    when(page, "document.querySelector('[data-rank=iou]').textContent.startsWith('higher than ')", "player: the clip's place among the others is not told")
    expect(page.locator(".strip img").evaluate("i => i.naturalWidth") > 1000, "player: no film strip")
    for layer in ("truth", "difference", "sides", "split", "blink", "certainty", "attention"):
        page.locator(f"input[value={layer}]").check(force=True)
        expect(painted(page) > 0, f"player: nothing in the layer {layer}")
    page.locator("input[value=none]").check(force=True)
    expect(painted(page) == 0, "player: a mask although it is off")
    page.locator("#player").focus()
    page.keyboard.press("m")
    expect(painted(page) > 0, "player: the key m does nothing")
    page.keyboard.press("ArrowLeft")
    when(page, "Math.abs(document.getElementById('video').currentTime - 1.5) < 0.1", "player: the key ← does not step back")
    page.close()


def check_looks(browser):
    """Outline, cut-out and opacity change what is painted and are kept for the next clip."""
    page = browser.new_page()
    watch(page, "looks")
    page.goto(CLIP.as_uri() + "#t=1.5")
    when(page, "document.getElementById('video').readyState >= 2", "looks: the video does not load")
    filled = painted(page)
    page.locator("input[value=outline]").check(force=True)
    outlined = painted(page)
    page.locator("input[value=cutout]").check(force=True)
    expect(0 < outlined < filled < painted(page), f"looks: outline {outlined}, fill {filled}, cut-out {painted(page)}")
    page.locator("#opacity").fill("30")
    page.reload()
    expect(page.locator("input[value=cutout]").is_checked() and page.locator("#opacity").input_value() == "30", "looks: a choice is forgotten")
    page.locator("input[value=fill]").check(force=True)
    page.close()


def check_sides(browser):
    """Prediction and truth side by side: the same frame twice, with what each says."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    watch(page, "sides")
    page.goto(CLIP.as_uri() + "#t=1.5&layer=sides")
    when(page, "document.getElementById('video').readyState >= 2", "sides: the video does not load")
    page.wait_for_timeout(300)
    left, right = page.locator("#video").bounding_box(), page.locator("#second").bounding_box()
    expect(abs(left["width"] - right["width"]) < 2 and right["x"] > left["x"] and abs(left["y"] - right["y"]) < 2, f"sides: {left} and {right}")
    # The truth is a square of 40 at (45, 25) of 160 × 96; places in its middle and outside of both masks.
    blue = lambda x, y: page.evaluate(PIXEL, [base64.b64encode(page.locator("#second").screenshot()).decode(), x / 160, y / 96])
    page.locator("input[value=none]").check(force=True)
    expect(not page.locator("#second").is_visible(), "sides: the second picture stays")
    page.locator("input[value=sides]").check(force=True)
    page.locator("#opacity").fill("100")
    page.wait_for_timeout(200)
    expect(blue(65, 45) == [72, 148, 255], f"sides: no truth in the second picture: {blue(65, 45)}")
    expect(blue(120, 80) != [72, 148, 255], "sides: truth where there is none")
    page.close()


def check_way_on(browser):
    """The clip after the one that was chosen from a list is the next of that list."""
    page = browser.new_page()
    page.goto((SITE / "collections/demo/index.html").as_uri() + "#sort=id&dir=desc")
    listed = page.locator("#clips-table tbody a.clip-link")
    when(page, "performance.getEntriesByName('avu-list-ready').length > 0", "way on: the list is not ready")
    names = [link.get_attribute("href") for link in listed.all()]
    listed.first.click()
    when(page, f"document.getElementById('neighbours').innerText.includes('1 of {len(names)} in')", "way on: the place in the list is not told")
    page.locator("#next").click()
    page.wait_for_load_state()
    expect(page.url == names[1], f"way on: {page.url} is not {names[1]}")
    page.close()


def check_comparing(browser):
    """Truth and another run beside the prediction, kinds of things alone, and all of it in the address."""
    page = browser.new_page()
    watch(page, "comparing")
    page.goto(CLIP.as_uri() + "#t=1.5&layer=difference")
    when(page, "document.getElementById('video').readyState >= 2", "comparing: the video does not load")
    tallies = page.locator("#legend .tally").all_inner_texts()
    # 40 × 40 pixels each, 5 columns and 5 rows apart.
    expect(tallies == ["1,225 px", "375 px", "375 px"], f"comparing: the difference counts {tallies}")
    page.locator("#with").select_option(label="other")
    expect("with=cdcdcdcd" in page.url, "comparing: the address does not hold the run")
    tallies = page.locator("#legend .tally").all_inner_texts()
    # 20 × 20 pixels within 40 × 40.
    expect(tallies == ["400 px", "1,200 px", "0 px"], f"comparing: the difference with a run counts {tallies}")
    expect("other 0.300" in page.inner_text("#readout"), "comparing: the other run's overlap is not told")
    page.reload()
    when(page, "document.getElementById('video').readyState >= 2", "comparing: the video does not load again")
    expect(page.locator("#with").evaluate("s => s.selectedOptions[0].text") == "other", "comparing: the run is forgotten")
    page.locator("input[value=blink]").check(force=True)
    first = shown(page)
    page.wait_for_timeout(1000)
    expect(shown(page) != first, "comparing: nothing blinks")
    page.locator("input[value=kinds]").check(force=True)
    page.evaluate("location.hash = 't=2.5&layer=kinds'")
    page.wait_for_timeout(300)
    every = painted(page)
    page.get_by_role("button", name="Only drum").click()
    alone = painted(page)
    expect(0 < alone < every, f"comparing: a thing alone paints {alone} of {every}")
    page.get_by_role("button", name="Only drum").click()
    expect(painted(page) == every, "comparing: the others do not come back")
    page.close()
    calm = browser.new_context(reduced_motion="reduce")
    page = calm.new_page()
    page.goto(CLIP.as_uri() + "#t=1.5&layer=blink")
    expect(page.locator("input[value=prediction]").is_checked(), "comparing: it blinks although less motion is wanted")
    expect(not page.get_by_text("Blink").is_visible(), "comparing: blinking is offered although less motion is wanted")
    calm.close()


def check_playing(browser):
    """Plays over the beginning and the end of the sound, and notes what is shown with each frame."""
    page = browser.new_page()
    watch(page, "playing")
    page.goto((SITE / "collections/demo/clips/one/index.html").as_uri() + "#t=0.6")
    when(page, "document.getElementById('video').readyState >= 3", "playing: the video does not load")
    frames = page.evaluate(
        """() => new Promise(done => { const v = document.getElementById('video'), o = document.getElementById('overlay');
        const seen = [], copy = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
        const note = (_, frame) => {
          copy.canvas.width = o.width; copy.canvas.height = o.height; copy.drawImage(o, 0, 0);
          const d = copy.getImageData(0, 0, o.width, o.height).data;
          let n = 0; for (let i = 3; i < d.length; i += 4) n += d[i] > 0;
          seen.push([frame.mediaTime, n > 0, document.getElementById('now').textContent.includes('red ball')]);
          if (frame.mediaTime > 3.3) { v.pause(); done(seen); } else v.requestVideoFrameCallback(note); };
        v.requestVideoFrameCallback(note); v.muted = true; v.play(); setTimeout(() => done(seen), 20000); })""")
    expect(len([1 for moment, _, _ in frames if 1 <= moment < 3]) > 5, f"playing: only {len(frames)} frames were shown")
    for moment, has_mask, has_sentence in frames:
        sounds = 1 <= moment < 3
        expect(has_mask == sounds, f"playing: mask {has_mask} with the frame at {moment}")
        expect(has_sentence == sounds, f"playing: sentence {has_sentence} with the frame at {moment}")
    page.close()


def check_remote(browser):
    """A video on the web is asked for when the reader says so, and then plays with its masks."""
    address = (SITE / "collections/demo/clips/web/index.html").as_uri() + "#t=1.5"
    video = next(SITE.glob("media/*/video-*.mp4")).read_bytes()
    page, asked = browser.new_page(), []
    page.on("request", lambda request: request.url.startswith("http") and asked.append(request.url))
    page.route("https://videos.example.org/**", lambda route: route.fulfill(
        body=video, headers={"Content-Type": "video/mp4", "Accept-Ranges": "bytes"}))
    page.goto(address)
    page.wait_for_timeout(300)
    expect(not asked, f"remote: asks for {asked} unasked")
    page.locator("#load-remote").click()
    when(page, "document.getElementById('video').readyState >= 2", "remote: the video does not load")
    when(page, "Math.abs(document.getElementById('video').currentTime - 1.5) < 0.1", "remote: the address' second is not shown")
    page.wait_for_timeout(300)
    expect(asked and all(url == "https://videos.example.org/a%27b.mp4" for url in asked), f"remote: asks for {asked}")
    expect(painted(page) > 0, "remote: no mask")
    page.unroute_all()
    page.route("https://videos.example.org/**", lambda route: route.abort())
    page.goto("about:blank")
    page.goto(address)
    page.locator("#load-remote").click()
    page.get_by_role("button", name="Try again").wait_for(timeout=10000)
    expect("cannot be loaded" in page.inner_text("#remote"), "remote: a host that does not answer is not told")
    page.close()


def check_list(browser):
    page = browser.new_page()
    watch(page, "list")
    address = (SITE / "collections/demo/index.html").as_uri()
    page.goto(address)
    ready = "performance.getEntriesByName('avu-list-ready').length > 0"
    when(page, ready, "list: not ready")
    rows = page.locator("#clips-table tbody tr")
    everything = rows.count()
    page.fill("#filter-text", "RED ball")
    when(page, "document.getElementById('clips-status').textContent.includes('that match')", "list: no answer to a search")
    expect(0 < rows.count() < everything, "list: the search finds nothing or everything")
    expect("q=RED" in page.url, "list: the address does not hold the search")
    page.reload()
    when(page, ready, "list: not ready after loading again")
    expect(0 < rows.count() < everything, "list: the search is gone after loading again")
    page.locator("#filters button[type=reset]").click()
    expect(rows.count() == everything, "list: clearing does not clear")
    page.locator("th[data-sort=id] button").click()
    page.locator("th[data-sort=id] button").click()
    names = page.locator("#clips-table tbody bdi:first-of-type").all_inner_texts()
    expect(page.locator("th[data-sort=id]").get_attribute("aria-sort") == "descending", "list: no sorting")
    expect(len(names) > 0, "list: no rows after sorting")
    page.locator("#facets input[data-facet=state][value=failed]").check()
    expect(rows.count() == 1, "list: the state does not filter")
    page.locator("#facets .facet", has_text="failed").get_by_role("button", name="All but these").click()
    expect(rows.count() == everything - 1 and "not=state" in page.url, "list: leaving out does not work")
    page.reload()
    when(page, ready, "list: not ready after leaving out")
    expect(rows.count() == everything - 1, "list: what is left out comes back")
    page.locator("#filters button[type=reset]").click()
    page.locator(".ranges summary").click()
    page.get_by_label("mIoU from").fill("0.5")
    scored = rows.count()
    page.get_by_label("mIoU to").fill("0.6")
    expect(scored == 3 and rows.count() == 1 and "iou=0.5..0.6" in page.url, "list: a range does not limit")
    page.get_by_label("mIoU to").fill("")
    page.get_by_role("button", name="Pictures").click()
    expect("view=pictures" in page.url and page.locator(".as-pictures .clip-link").first.is_visible(), "list: no view of pictures")
    page.close()


def check_without_scripts(browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    watch(page, "without scripts")
    page.goto((SITE / "index.html").as_uri())
    page.locator(".card a").first.click()
    page.locator("#clips-table a", has_text="one").first.click()
    text = page.inner_text("main")
    expect("a red ball bounces" in text and "0:01.5" in text, "without scripts: no sentences")
    expect(page.locator("video[controls]").count() == 1, "without scripts: no video")
    expect(page.locator(".pictures img").count() > 0, "without scripts: no key frames")
    count = lambda kind: page.locator(f".of-{kind}:visible").count()
    expect(count("prediction") == 2 and count("truth") == 2, f"without scripts: {count('prediction')} and {count('truth')} masks")
    page.locator("[value=only-truth]").check(force=True)
    expect(count("prediction") == 0 and count("truth") == 2, "without scripts: the truth is not shown alone")
    page.locator("[value=no-masks]").check(force=True)
    expect(count("prediction") + count("truth") == 0, "without scripts: masks do not go")
    expect(page.locator(".js-only:visible").count() == 0, "without scripts: controls that do nothing")
    page.goto((SITE / "collections/demo/clips/bad/index.html").as_uri())
    expect("broken.mp4 is not a media file; give a video." in page.inner_text("main"), "without scripts: no reason of a failure")
    context.close()


validity.check_html(PAGES)
validity.check_links(SITE, PAGES)
with sync_playwright() as playwright:
    chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
    checks = (check_pages, check_player, check_looks, check_sides, check_comparing, check_playing, check_remote, check_list, check_way_on, check_without_scripts)
    for check in checks:
        check(chromium)
    exporting.check_exports(chromium, SITE, CLIP)
    states = [CLIP.as_uri() + "#t=1.5&layer=difference&with=cdcdcdcd", (SITE / "clips.html").as_uri() + "#view=pictures&not=state&state=failed"]
    accessibility.check_rules(chromium, [path.as_uri() for path in PAGES] + states)
    accessibility.check_forced_colours(chromium, CLIP)
    accessibility.check_keyboard(chromium, CLIP)
    chromium.close()

print("\n".join(PROBLEMS) or "no problems")
sys.exit(1 if PROBLEMS else 0)
