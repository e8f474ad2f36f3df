"""Browses a site's lists in Chromium by file:// and compares them with the pages' JSON twins.

Usage: check_browsing.py SITE CHROMIUM. Prints figures, then one line a problem; ends with status 1 if there is one.
The site must have a collection "big" of some thousand clips and a small one.
"""

import json
import random
import statistics
import sys
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlencode

from playwright.sync_api import sync_playwright

from watching import PROBLEMS, expect, watch, when

SITE, CHROMIUM = Path(sys.argv[1]).resolve(), sys.argv[2]
READY = "performance.getEntriesByName('avu-list-ready').length > 0"
BANDS = [(0.9, "0.9 and more"), (0.75, "0.75 to 0.9"), (0.5, "0.5 to 0.75"), (0.25, "0.25 to 0.5"), (0, "below 0.25")]
ROWS = 100


def clips():
    """All clips of the site, in order, with what each facet should say of them."""
    for collection in json.loads((SITE / "site.json").read_text())["collections"]:
        folder = Path(collection["href"]).parent
        whole = json.loads((SITE / folder / "index.json").read_text())
        rows = whole["clips"] + [row for part in whole["parts"] for row in json.loads((SITE / folder / part).read_text())["clips"]]
        expect(len(rows) == whole["count"], f"the twin has {len(rows)} of {whole['count']} clips")
        for row in rows:
            facts = row["facts"]
            judged = row["state"] == "done" and facts["judged"] and facts.get("truth")
            wrong = [word for key, word in (("missed", "missed"), ("falseAlarms", "false alarm"), ("lowOverlap", "low overlap")) if facts[key]]
            yield {
                "id": row["id"], "address": (SITE / folder / row["href"]).as_uri(), "iou": row.get("iou"), "duration": row.get("duration"),
                "text": "\n".join([row["id"], row.get("category") or "", *row["sentences"], row.get("reason") or ""]).lower(),
                "facets": {
                    "collection": [collection["name"]], "state": [row["state"]], "category": [row.get("category") or "(none)"],
                    "truth": [(facts["truth"] if facts["sounding"] else "nothing") if judged else "(none)"],
                    "said": [(facts.get("predicted") or "nothing") if judged else "(none)"],
                    "model": [row.get("model") or "(none)"],
                    "score": [next((band for low, band in BANDS if (row.get("iou") is not None and round(1000 * row["iou"]) >= 1000 * low)), "not scored")],
                    "sound": ["not analysed" if row.get("sounding") is None else "sounding" if row["sounding"] else "silent"],
                    "problem": (wrong or ["nothing wrong"]) if row["state"] == "done" and facts["judged"] else ["not judged"],
                },
            }


CLIPS = list(clips())


def matching(chosen, words=(), without=None):
    return [clip for clip in CLIPS
            if all(set(clip["facets"][facet]) & set(values) for facet, values in chosen.items() if facet != without)
            and all(word in clip["text"] for word in words)]


def counts(chosen, words=()):
    """What each facet's values should count: with the other facets, without its own choice."""
    return {facet: Counter(value for clip in matching(chosen, words, without=facet) for value in clip["facets"][facet])
            for facet in CLIPS[0]["facets"]}


def shown_counts(page):
    return page.evaluate(
        """() => Array.from(document.querySelectorAll('#facets input'), box =>
        [box.dataset.facet, box.value, Number(box.closest('label').querySelector('.tally').textContent.replace(/,/g, ''))])""")


def check_list(page, name, found, chosen, words=()):
    caption, rows = page.inner_text("#clips-shown"), page.locator("#clips-table tbody tr").count()
    expect(rows == min(ROWS, len(found)), f"{name}: {rows} rows, not {min(ROWS, len(found))}")
    expect(f"of {len(found):,} clip" in caption if found else "No clip matches" in caption, f"{name}: {caption!r} for {len(found)} clips")
    if 0 < len(found) < len(CLIPS):
        expect(f"{len(CLIPS):,} in all" in caption, f"{name}: {caption!r} does not tell how many there are in all")
    right = counts(chosen, words)
    for facet, value, count in shown_counts(page):
        expect(right[facet][value] == count, f"{name}: {facet} {value}: {count}, not {right[facet][value]}")


def addresses(page):
    return [link.split("#")[0] for link in page.locator("#clips-table tbody a.clip-link").evaluate_all("links => links.map(link => link.href)")]


def open_list(browser, address):
    page = browser.new_page()
    watch(page, "browsing")
    page.goto(address)
    when(page, READY, f"{address}: the list is not ready")
    return page


def check_facets(browser):
    page = open_list(browser, (SITE / "clips.html").as_uri())
    check_list(page, "everything", CLIPS, {})
    expect(addresses(page) == [clip["address"] for clip in CLIPS[:ROWS]], "everything: not the first clips in order")
    facets = {facet for facet, _, _ in shown_counts(page)}
    expect(facets == set(CLIPS[0]["facets"]), f"facets: {facets}")
    chosen = {}
    steps = [("category", "violin"), ("category", "dog"), ("score", "0.5 to 0.75"), ("collection", "big"), ("problem", "low overlap")]
    for facet, value in steps:
        page.locator(f"#facets input[data-facet='{facet}'][value='{value}']").check()
        chosen.setdefault(facet, []).append(value)
        check_list(page, f"chosen {chosen}", matching(chosen), chosen)
    expect(page.locator("#chosen button").count() == len(steps), "chips: not one for each choice")
    # The address alone gives the same list, in another window.
    page.locator("th[data-sort=iou] button").click()
    other = open_list(browser, page.url)
    expect(addresses(other) == addresses(page) and other.inner_text("#clips-shown") == page.inner_text("#clips-shown"), "address: another list than where it was copied")
    by_score = sorted(matching(chosen), key=lambda clip: -round(1000 * clip["iou"]))
    expect(addresses(page) == [clip["address"] for clip in by_score[:ROWS]], "order: not by falling mIoU")
    other.close()
    page.go_back()
    page.go_back()
    check_list(page, "one step back", matching({k: v for k, v in chosen.items() if k != "problem"}), {k: v for k, v in chosen.items() if k != "problem"})
    page.locator("#filters button[type=reset]").click()
    check_list(page, "cleared", CLIPS, {})
    page.fill("#filter-text", "violin river")
    when(page, "document.getElementById('clips-status').textContent.includes('that match')", "search: no answer")
    check_list(page, "search", matching({}, ["violin", "river"]), {}, ["violin", "river"])
    page.fill("#filter-text", "violin -river")
    found = [clip for clip in CLIPS if "violin" in clip["text"] and "river" not in clip["text"]]
    expect(f"of {len(found):,} clips" in page.inner_text("#clips-shown"), "search: a word with a minus is not left out")
    page.fill("#filter-text", "nothing like this")
    expect("No clip matches" in page.inner_text("#clips-shown"), "search: something is found for nothing")
    page.close()


def check_confusion(browser):
    """A cell of the table of confusions leads to as many clips as it says."""
    page = browser.new_page()
    watch(page, "confusion")
    page.goto((SITE / "collections/big/index.html").as_uri())
    cell = page.locator(".heat td:not(.right) a").first
    count = int(cell.inner_text())
    cell.click()
    group = page.locator("section:target, section:has(:target)").first
    expect(f"{count:,} clip".replace(",", "") in group.inner_text(), f"confusion: {group.inner_text()[:80]!r} for {count} clips")
    group.locator("a", has_text="In the list").click()
    when(page, READY, "confusion: the list is not ready")
    expect(f"of {count:,} clip" in page.inner_text("#clips-shown"), f"confusion: {page.inner_text('#clips-shown')!r} for {count} clips")
    page.close()


def check_round_trips(browser):
    """Any state in the address is the state of the list, and comes back as the same address."""
    page = open_list(browser, (SITE / "clips.html").as_uri())
    draw = random.Random(5)
    for _ in range(12):
        chosen = {}
        for facet, values in counts({}).items():
            if draw.random() < 0.35:
                chosen[facet] = draw.sample(sorted(values), k=min(len(values), draw.randint(1, 2)))
        pairs = [(facet, value) for facet in ("state", "category", "truth", "said", "model", "score", "sound", "problem", "collection") for value in sorted(chosen.get(facet, []))]
        if draw.random() < 0.5:
            pairs += [("sort", draw.choice(["id", "iou", "duration", "category"])), ("dir", "desc")]
        page.evaluate("text => { location.hash = text; }", urlencode(pairs))
        found = matching(chosen)
        page.wait_for_timeout(50)
        check_list(page, f"address {pairs}", found, chosen)
        boxes = page.locator("#facets input:checked").evaluate_all("boxes => boxes.map(box => box.dataset.facet + ' ' + box.value).sort()")
        expect(boxes == sorted(f"{facet} {value}" for facet, values in chosen.items() for value in values), f"address {pairs}: boxes {boxes}")
        again = page.evaluate("avu.clips.format(avu.clips.parse(location.hash.slice(1)))")
        expect(again == urlencode(pairs), f"address {pairs}: comes back as {again}")
    page.close()


def check_keyboard(browser):
    page = open_list(browser, (SITE / "clips.html").as_uri())
    page.locator("#filter-text").focus()
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.value") == "failed":
            break
    page.keyboard.press("Space")
    failed = matching({"state": ["failed"]})
    expect(f"of {len(failed):,} clip" in page.inner_text("#clips-status"), "keyboard: Tab and Space do not choose a facet")
    expect(page.evaluate("document.activeElement.value") == "failed", "keyboard: the focus is lost by choosing")
    expect(page.locator("#clips-status").get_attribute("role") == "status", "keyboard: changes are not announced")
    page.close()


def check_way_on(browser):
    """Previous and next go through all clips of the filter, over pages and parts."""
    state = "category=violin&category=dog&sort=iou&dir=desc&p=2"
    chosen = {"category": ["violin", "dog"]}
    found = sorted(matching(chosen), key=lambda clip: -round(1000 * (-1 if clip["iou"] is None else clip["iou"])))
    page = open_list(browser, (SITE / "clips.html").as_uri() + "#" + state)
    page.locator("#clips-table tbody a.clip-link").first.click()
    place = ROWS
    for step in ("next", "next", "previous", "previous", "previous"):
        when(page, f"document.getElementById('neighbours').innerText.includes('{place + 1} of {len(found)} in')", f"way on: place {place + 1} is not told")
        expect(page.url.split("#")[0] == found[place]["address"], f"way on: {page.url} is not {found[place]['id']}")
        page.locator(f"#{step}").click()
        page.wait_for_load_state()
        place += 1 if step == "next" else -1
    when(page, "document.getElementById('back')", "way on: no way back")
    page.locator("#back").click()
    when(page, READY, "way on: the list behind the way back is not ready")
    expect(found[place]["address"] in addresses(page), "way on: the way back does not lead to the clip's page of the list")
    page.close()


class Links(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attributes):
        if tag == "a":
            self.found += [value for name, value in attributes if name == "href"]


def links(path):
    reader = Links()
    reader.feed(path.read_text())
    return [(path.parent / unquote(link.split("#")[0])).resolve() for link in reader.found if link.split("#")[0]]


def check_plain_pages(figures):
    """Plain links lead to every clip, and no page is heavy."""
    seen, queue = set(), [SITE / "index.html"]
    while queue:
        path = queue.pop()
        if path in seen:
            continue
        seen.add(path)
        if "clips" not in path.parts[:-1]:
            queue += [link for link in links(path) if link.is_file()]
    reached = {path.as_uri() for path in seen if "clips" in path.parts[:-1]}
    expect(reached == {clip["address"] for clip in CLIPS}, f"plain links: {len(reached)} of {len(CLIPS)} clips are reached")
    lists = [path for path in seen if "clips" not in path.parts[:-1] and path.suffix == ".html"]
    heaviest = max(lists, key=lambda path: path.stat().st_size)
    figures["heaviest page but for clips' pages"] = f"{heaviest.relative_to(SITE)} {heaviest.stat().st_size / 1000:.1f} kB"
    expect(heaviest.stat().st_size < 150_000, f"weight: {heaviest.name} has {heaviest.stat().st_size} bytes")


def check_speed(browser, figures):
    page = open_list(browser, (SITE / "clips.html").as_uri())
    page.reload()
    when(page, READY, "speed: the list is not ready")
    figures["interactive after, ms"] = round(page.evaluate("performance.getEntriesByName('avu-list-ready')[0].startTime"))
    figures["elements in the document"] = page.evaluate("document.querySelectorAll('*').length")
    figures["rows in the document"] = page.locator("#clips-table tbody tr").count()
    act = """selector => { const element = document.querySelector(selector), start = performance.now();
        element.click(); return performance.now() - start; }"""
    for facet, value in 2 * (("category", "violin"), ("category", "dog"), ("problem", "low overlap"), ("category", "dog"), ("problem", "low overlap"), ("category", "violin")):
        figures.setdefault(f"filter by {facet}, ms", []).append(round(page.evaluate(act, f"#facets input[data-facet='{facet}'][value='{value}']"), 1))
    for key in ("iou", "iou", "id", "id"):
        figures.setdefault(f"sort by {key}, ms", []).append(round(page.evaluate(act, f"th[data-sort={key}] button"), 1))
    page.fill("#filter-text", "r")
    when(page, "document.getElementById('clips-status').textContent.includes('that match')", "speed: no answer to a search")
    type_in = """text => { const box = document.getElementById('filter-text'), start = performance.now(); box.value = text;
        box.dispatchEvent(new Event('input', { bubbles: true })); return performance.now() - start; }"""
    figures["search, ms"] = [round(page.evaluate(type_in, text), 1) for text in ("ri", "river", "violin river", "violin -river", "zzz", "")]
    page.close()
    if len(CLIPS) >= 100_000:
        expect(figures["interactive after, ms"] <= 1000, f"speed: {figures}")
        for name in [name for name in figures if name.startswith(("filter", "sort", "search"))]:
            expect(statistics.median(figures[name]) <= 50, f"speed: {name}: {figures[name]}")
    index = list((SITE / "index").glob("*.js"))
    figures["index without texts, MB"] = round(sum(path.stat().st_size for path in index if "-texts" not in path.name) / 1e6, 2)
    figures["texts and pictures, MB"] = round(sum(path.stat().st_size for path in index if "-texts" in path.name) / 1e6, 2)
    figures["files of the index"] = len(index)
    expect(figures["rows in the document"] <= 200 and figures["elements in the document"] < 3500, f"speed: {figures}")
    expect(figures["index without texts, MB"] <= 6 * max(1, len(CLIPS) / 100_000), f"speed: {figures}")


figures = {"clips": len(CLIPS)}
check_plain_pages(figures)
with sync_playwright() as playwright:
    chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
    for check in (check_facets, check_confusion, check_round_trips, check_keyboard, check_way_on):
        check(chromium)
    check_speed(chromium, figures)
    chromium.close()

print("\n".join(f"{name}: {value}" for name, value in figures.items()))
print("\n".join(PROBLEMS) or "no problems")
sys.exit(1 if PROBLEMS else 0)
