"""Opens a list and a clip's page in Firefox by file://.

Usage: check_firefox.py SITE FIREFOX. Firefox is driven by WebDriver BiDi, with the two preferences without which a
remote-driven Firefox lifts its rules for files. Ends with status 1 if there is a problem.
"""

import atexit
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import websocket

SITE, FIREFOX = Path(sys.argv[1]).resolve(), sys.argv[2]
PREFERENCES = {"security.fileuri.strict_origin_policy": True, "remote.prefs.recommended": False, "browser.shell.checkDefaultBrowser": False,
               "datareporting.policy.dataSubmissionEnabled": False, "app.update.enabled": False, "browser.aboutwelcome.enabled": False, "browser.startup.page": 0}
PROBLEMS: list[str] = []


class Firefox:
    def __init__(self, profile: str):
        Path(profile, "user.js").write_text("".join(f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in PREFERENCES.items()))
        said = Path(profile, "stderr.txt")
        self.process = subprocess.Popen([FIREFOX, "--headless", "--no-remote", "--profile", profile, "--remote-debugging-port", "0"],
                                        stdout=subprocess.DEVNULL, stderr=said.open("w"))
        atexit.register(self.process.kill)
        address, end = None, time.monotonic() + 60
        while not address and time.monotonic() < end:
            time.sleep(0.1)
            address = next((line.split()[-1] for line in said.read_text().splitlines() if "WebDriver BiDi listening on" in line), None)
        self.socket = websocket.create_connection(address + "/session", timeout=60, suppress_origin=True)
        self.number = 0
        self.ask("session.new", capabilities={})
        self.ask("session.subscribe", events=["log.entryAdded"])
        self.page = self.ask("browsingContext.getTree")["contexts"][0]["context"]

    def ask(self, method: str, **parameters):
        self.number += 1
        self.socket.send(json.dumps({"id": self.number, "method": method, "params": parameters}))
        while True:
            answer = json.loads(self.socket.recv())
            if answer.get("method") == "log.entryAdded" and answer["params"]["level"] in ("error", "warn") and answer["params"]["source"].get("context") == self.page:
                PROBLEMS.append(f"firefox: console: {answer['params']['text']}")
            if answer.get("id") == self.number:
                if answer["type"] == "error":
                    raise RuntimeError(f"{method}: {answer['message']}")
                return answer["result"]

    def open(self, address: str) -> None:
        self.ask("browsingContext.navigate", context=self.page, url=address, wait="complete")

    def value(self, expression: str):
        result = self.ask("script.evaluate", expression=expression, target={"context": self.page}, awaitPromise=True)
        return result.get("result", {}).get("value")

    def when(self, expression: str, words: str) -> None:
        end = time.monotonic() + 20
        while not self.value(f"Boolean({expression})"):
            if time.monotonic() > end:
                return PROBLEMS.append(f"firefox: {words}")
            time.sleep(0.1)

    def close(self) -> None:
        self.process.kill()
        self.process.wait(20)


PAINTED = """(() => { const o = document.getElementById('overlay'), d = o.getContext('2d').getImageData(0, 0, o.width, o.height).data;
  for (let i = 3; i < d.length; i += 4) if (d[i]) return true; return false; })()"""

with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
    firefox = Firefox(profile)
    try:
        firefox.open((SITE / "collections/demo/index.html").as_uri())
        firefox.when("document.querySelectorAll('#facets input').length > 3", "the list cannot be filtered")
        firefox.open((SITE / "collections/demo/clips/one/index.html").as_uri() + "#t=1.5")
        firefox.when("document.getElementById('video').readyState >= 2 && Math.abs(document.getElementById('video').currentTime - 1.5) < 0.1",
                     "#t= does not seek")
        firefox.when(PAINTED, "no mask at a sounding moment")
        firefox.when("document.getElementById('now').textContent.includes('red ball')", "no sentence at a sounding moment")
        fetched = firefox.value("fetch('../two/index.html').then(() => 'read', () => 'refused')")
        if fetched != "refused":
            PROBLEMS.append(f"firefox: its rules for files are lifted, so this proves nothing: a file was {fetched}")
    finally:
        firefox.close()

print("\n".join(PROBLEMS) or "no problems")
sys.exit(1 if PROBLEMS else 0)
