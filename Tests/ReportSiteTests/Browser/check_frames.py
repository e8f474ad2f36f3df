"""Steps through clips whose every frame is a barcode of its number, and reads the screen.

Usage: check_frames.py SITE CHROMIUM. The site's collection "frames" has clips whose frames hold their number in
ten bars from left to right, the lowest bit first. Prints one line a problem; ends with status 1 if there is one.
"""

import base64
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from watching import PROBLEMS, expect, watch, when

SITE, CHROMIUM = Path(sys.argv[1]).resolve(), sys.argv[2]

READ = """async bytes => {
  const image = new Image();
  image.src = 'data:image/png;base64,' + bytes;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = image.width; canvas.height = image.height;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  context.drawImage(image, 0, 0);
  let number = 0;
  for (let bit = 0; bit < 10; bit++) {
    const x = Math.floor((bit + 0.5) * image.width / 10);
    if (context.getImageData(x, Math.floor(image.height / 4), 1, 1).data[1] > 127) number += 1 << bit;
  }
  return number;
}"""


def shown(page) -> int:
    """The number of the frame on the screen."""
    return page.evaluate(READ, base64.b64encode(page.locator("#video").screenshot()).decode())


def check(browser, path: Path) -> int:
    name = path.parent.name
    page = browser.new_page()
    watch(page, name)
    page.goto(path.as_uri() + "#layer=none")
    when(page, "document.getElementById('video').readyState >= 2", f"{name}: the video does not load")
    frames = page.evaluate("avu.player.frames()")
    expect(frames > 40, f"{name}: {frames} frames")
    # Every third frame and the ends, not in order: a jump back must be as exact as one ahead.
    numbers = sorted(set(range(0, frames, 3)) | {1, frames - 1}, key=lambda n: (n * 7919) % 1009)
    for number in numbers:
        page.evaluate(
            """n => { const s = document.getElementById('scrub'); s.value = n; s.dispatchEvent(new Event('input')); }""", number)
        when(page, "!document.getElementById('video').seeking", f"{name}: seeking to {number} does not end")
        page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        seen = shown(page)
        if seen != number:
            page.wait_for_timeout(150)
            seen = shown(page)
        expect(seen == number, f"{name}: frame {number} was asked for, frame {seen} is shown")
        expect(page.inner_text("#readout").startswith(f"frame {number} of {frames}"), f"{name}: the page says {page.inner_text('#readout')!r} at {number}")
    page.close()
    return len(numbers)


with sync_playwright() as playwright:
    chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
    counts = [check(chromium, path) for path in sorted(SITE.glob("collections/frames/clips/*/index.html"))]
    chromium.close()

expect(len(counts) >= 7, f"only {len(counts)} clips")
print("\n".join(PROBLEMS) or f"{sum(counts)} frames of {len(counts)} clips are exact")
sys.exit(1 if PROBLEMS else 0)
