"""Looks at the pages of the report in Chromium, as a reader would: on a desk and on a telephone, light and dark.

What it finds are sentences: errors of the console, anything that was loaded from elsewhere, pictures that are not
there, links that lead nowhere, text that cannot be read, pages wider than the screen.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Iterator
from urllib.parse import unquote

SCREENS = (("desk", 1280, 900), ("telephone", 390, 844))
SCHEMES = ("light", "dark")
VIEWS = tuple((screen, scheme) for screen in SCREENS for scheme in SCHEMES)
FEW_VIEWS = (VIEWS[0], VIEWS[-1])  # each width and each scheme once
LEAST_CONTRAST = 4.5  # WCAG 2.1, 1.4.3 (AA), for text of ordinary size; large text may have 3
PATIENCE = 60

# Runs in the page, and tells what is there.
LOOK = r"""
(() => {
  const faults = [];
  const name = (element) => element.tagName.toLowerCase() + (element.className && element.className.baseVal === undefined ? "." + element.className : "");
  for (const image of document.images) {
    if (!image.complete || image.naturalWidth === 0) faults.push("a picture is not there: " + image.outerHTML.slice(0, 80));
  }
  // A film shows one of its pictures at a time.
  for (const drawing of document.querySelectorAll("svg")) {
    const box = drawing.getBoundingClientRect();
    const hidden = drawing.checkVisibility && !drawing.checkVisibility();
    if (!hidden && (box.width < 1 || box.height < 1)) faults.push("a drawing has no size");
  }
  const wide = document.documentElement.scrollWidth;
  if (wide > window.innerWidth + 1) faults.push("the page is " + wide + " wide on a screen of " + window.innerWidth);
  const colour = (text) => {
    const parts = text.match(/[\d.]+/g).map(Number);
    return { rgb: parts.slice(0, 3), alpha: parts.length > 3 ? parts[3] : 1 };
  };
  const light = (rgb) => {
    const [r, g, b] = rgb.map((value) => { const c = value / 255; return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4; });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const found = colour(getComputedStyle(at).backgroundColor);
      if (found.alpha > 0.99) return found.rgb;
    }
    return matchMedia("(prefers-color-scheme: dark)").matches ? [18, 18, 18] : [255, 255, 255];
  };
  const seen = new Map();
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const element = walk.currentNode.parentElement;
    if (!walk.currentNode.textContent.trim() || element.closest("svg, script, style, [hidden]")) continue;
    const style = getComputedStyle(element);
    if (style.visibility === "hidden" || style.display === "none" || (element.checkVisibility && !element.checkVisibility())) continue;
    const ink = colour(style.color).rgb;
    const paper = behind(element);
    const [one, other] = [light(ink), light(paper)].sort((a, b) => b - a);
    const contrast = (one + 0.05) / (other + 0.05);
    const size = parseFloat(style.fontSize);
    const least = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700) ? 3 : LEAST;
    if (contrast < least && !seen.has(name(element))) {
      seen.set(name(element), 1);
      faults.push("text of contrast " + contrast.toFixed(2) + ": “" + walk.currentNode.textContent.trim().slice(0, 30) + "” (" + name(element) + ", " + style.color + " on " + paper + ")");
    }
  }
  const anchors = [...document.querySelectorAll("[id]")].map((element) => element.id);
  const twice = anchors.filter((anchor, place) => anchors.indexOf(anchor) !== place);
  const links = [...document.querySelectorAll("a[href]")].map((link) => link.getAttribute("href"));
  if (!document.querySelector('form[role="search"]:not([hidden])')) faults.push("it has no search");
  links.push(...[...document.forms].filter((form) => form.hasAttribute("action")).map((form) => form.getAttribute("action")));
  return JSON.stringify({ faults, anchors, twice, links });
})()
""".replace("LEAST", str(LEAST_CONTRAST), 1).replace(": LEAST;", f": {LEAST_CONTRAST};")


@dataclass
class Chromium:
    """A browser that is talked to through its own debugging protocol, on this machine only."""

    socket: Any
    last: int = 0

    def ask(self, method: str, events: list[dict[str, Any]], **parameters: Any) -> dict[str, Any]:
        """One call; what happens meanwhile is added to the events."""
        self.last += 1
        self.socket.send(json.dumps({"id": self.last, "method": method, "params": parameters}))
        while True:
            message = json.loads(self.socket.recv())
            if message.get("id") == self.last:
                if "error" in message:
                    raise RuntimeError(f"{method}: {message['error'].get('message')}")
                return message.get("result", {})
            events.append(message)

    def wait_for(self, event: str, events: list[dict[str, Any]]) -> None:
        """Until an event has come."""
        while not any(each.get("method") == event for each in events):
            events.append(json.loads(self.socket.recv()))


def find() -> str | None:
    """Chromium, where the commands have found it."""
    return os.environ.get("LIFTGRAD_BROWSER")


def look(folder: Path, words: tuple[str, ...] = (), views: tuple[tuple[tuple[str, int, int], str], ...] = VIEWS) -> list[str]:
    """Every page of a report in every view; what is wrong, a sentence each. The search has to find the words."""
    pages = sorted(folder.glob("*.html"))
    if not pages:
        return [f"there is no page in {folder}"]
    faults: list[str] = []
    anchors: dict[str, set[str]] = {}
    links: dict[str, set[str]] = {}
    with _browser() as browser:
        for page in pages:
            for (screen, width, height), scheme in views:
                found = _seen(browser, page, (width, height), scheme)
                where = f"{page.name}, {screen}, {scheme}"
                faults.extend(f"{where}: {fault}" for fault in found["faults"])
                anchors[page.name], links[page.name] = set(found["anchors"]), set(found["links"])
                if found["twice"] and screen == "desk" and scheme == "light":
                    faults.append(f"{where}: an anchor is there twice: {', '.join(found['twice'][:3])}")
        faults.extend(_searched(browser, folder / "index.html", ("gradient flow", *words)))
        faults.extend(_asked(browser, folder))
    faults.extend(_dead(folder, anchors, links))
    return faults


@contextmanager
def _browser() -> Iterator[Chromium]:
    """A browser with a folder of its own; ended afterwards, and its folder removed."""
    home = Path(tempfile.mkdtemp(prefix="liftgrad-browser-"))
    try:
        with _running(home) as browser:
            yield browser
    finally:
        # Its helpers outlive it by a moment, and may still write there.
        end = time.monotonic() + PATIENCE
        while home.exists() and time.monotonic() < end:
            shutil.rmtree(home, ignore_errors=True)
            time.sleep(0.1)


@contextmanager
def _running(home: Path) -> Iterator[Chromium]:
    import websocket

    command = [
        os.environ["LIFTGRAD_BROWSER"], "--headless=new", "--remote-debugging-port=0", f"--user-data-dir={home}",
        "--no-first-run", "--disable-extensions", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking",
        "--disable-component-update", "--no-default-browser-check", "about:blank",
    ]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--no-sandbox")  # root has no other way; the pages are our own and run one script of ours
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ, "HOME": str(home)})
    try:
        port = _port(home / "DevToolsActivePort", process)
        page = _first_page(port)
        socket = websocket.create_connection(page, timeout=PATIENCE, suppress_origin=True)
        try:
            yield Chromium(socket)
        finally:
            socket.close()
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _port(file: Path, process: subprocess.Popen[bytes]) -> int:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        if file.exists() and file.read_text(encoding="utf-8").count("\n") >= 1:
            return int(file.read_text(encoding="utf-8").splitlines()[0])
        time.sleep(0.1)
    raise RuntimeError("Chromium did not start")


def _first_page(port: int) -> str:
    import http.client

    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    connection.request("GET", "/json/list")
    targets = json.loads(connection.getresponse().read())
    connection.close()
    return str(next(target["webSocketDebuggerUrl"] for target in targets if target["type"] == "page"))


def _open(browser: Chromium, page: Path) -> list[dict[str, Any]]:
    events: list[dict[str, Any]] = []
    for domain in ("Page", "Runtime", "Log", "Network"):
        browser.ask(f"{domain}.enable", events)
    events.clear()
    browser.ask("Page.navigate", events, url=page.resolve().as_uri())
    browser.wait_for("Page.loadEventFired", events)
    return events


def _seen(browser: Chromium, page: Path, size: tuple[int, int], scheme: str) -> dict[str, Any]:
    ignored: list[dict[str, Any]] = []
    browser.ask("Emulation.setDeviceMetricsOverride", ignored, width=size[0], height=size[1], deviceScaleFactor=1, mobile=size[0] < 600)
    browser.ask("Emulation.setEmulatedMedia", ignored, features=[{"name": "prefers-color-scheme", "value": scheme}])
    events = _open(browser, page)
    answer = browser.ask("Runtime.evaluate", events, expression=LOOK, returnByValue=True)
    if "exceptionDetails" in answer:
        return {"faults": [f"could not be looked at: {answer['exceptionDetails'].get('text')}"], "anchors": [], "twice": [], "links": []}
    found: dict[str, Any] = json.loads(answer["result"]["value"])
    found["faults"] = [*_told(events, page), *found["faults"]]
    return found


def _told(events: list[dict[str, Any]], page: Path) -> list[str]:
    faults = []
    for event in events:
        method, content = event.get("method"), event.get("params", {})
        if method == "Runtime.exceptionThrown":
            faults.append(f"an error: {content['exceptionDetails'].get('text')}")
        elif method == "Log.entryAdded" and content["entry"].get("level") in ("error", "warning"):
            faults.append(f"the console says: {content['entry'].get('text')}")
        elif method == "Runtime.consoleAPICalled":
            faults.append("the console was written to")
        elif method == "Network.requestWillBeSent":
            address = content["request"]["url"].split("#")[0]
            if not address.startswith("data:") and unquote(address) != unquote(page.resolve().as_uri()):
                faults.append(f"it asks for {address}")
    return faults


def _searched(browser: Chromium, index: Path, words: tuple[str, ...]) -> list[str]:
    """The search finds what is there, and says where nothing is."""
    events = _open(browser, index)
    type_in = """((wanted) => { const box = document.getElementById("wanted"); const found = document.getElementById("found");
      const say = (words) => { box.value = words; box.dispatchEvent(new Event("input"));
        return [found.textContent, found.querySelectorAll("a").length]; };
      return JSON.stringify([document.getElementById("search").hidden, wanted.map(say), say("xyzzyx")]); })"""
    answer = browser.ask("Runtime.evaluate", events, expression=f"{type_in}({json.dumps(words)})", returnByValue=True)
    if "exceptionDetails" in answer:
        return [f"index.html: the search failed: {answer['exceptionDetails'].get('text')}"]
    hidden, found, nothing = json.loads(answer["result"]["value"])
    faults = ["index.html: the search is not shown"] if hidden else []
    faults.extend(f"index.html: the search does not find “{each}”" for each, (_, links) in zip(words, found) if links == 0)
    if nothing[0] != "Nothing found.":
        faults.append("index.html: the search finds what is not there")
    return faults


def _asked(browser: Chromium, folder: Path) -> list[str]:
    """The form of a page, which all have, leads to the index, which shows what it found."""
    page = next((each for each in sorted(folder.glob("*.html")) if each.name != "index.html"), None)
    if page is None:
        return []
    events = _open(browser, page)
    events.clear()
    send = """(() => { const form = document.querySelector("form.seek"); form.q.value = "gradient flow"; form.requestSubmit(); })()"""
    answer = browser.ask("Runtime.evaluate", events, expression=send, returnByValue=True)
    if "exceptionDetails" in answer:
        return [f"{page.name}: the search failed: {answer['exceptionDetails'].get('text')}"]
    browser.wait_for("Page.loadEventFired", events)
    tell = """[location.pathname.split("/").pop(), document.activeElement.id, document.querySelectorAll("#found a").length > 0].join()"""
    told = browser.ask("Runtime.evaluate", events, expression=tell, returnByValue=True)["result"].get("value")
    faults = [f"{page.name}, searched: {fault}" for fault in _told(events, folder / "index.html") if "index.html?q=" not in fault]
    if told != "index.html,wanted,true":
        faults.append(f"{page.name}: its search does not find “gradient flow”, but ends at {told}")
    return faults


def _dead(folder: Path, anchors: dict[str, set[str]], links: dict[str, set[str]]) -> list[str]:
    """Links that lead nowhere; addresses elsewhere are not asked for."""
    faults = []
    for page, targets in links.items():
        for target in sorted(targets):
            if target.split(":")[0] in ("http", "https", "mailto"):
                continue
            file, _, anchor = unquote(target).partition("#")
            file = file or page
            if file in anchors:
                if anchor and anchor not in anchors[file]:
                    faults.append(f"{page}: the link {target} has no such place in its page")
            elif not (folder / file).exists():
                faults.append(f"{page}: the link {target} leads nowhere")
    return faults
