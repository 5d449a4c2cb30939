#!/usr/bin/env python3
"""How far siftd's visible text agrees with an independent reader, token by token.

    agreement.py SIFTD FOLDER[:COUNT]...     e.g. .build/release/siftd corpora/mime-hard:100

The independent reader is Python's email package (policy.default) for MIME, transfer encodings and
charsets, and headless Chromium's innerText for HTML. FOLDER holds one message a file; COUNT of them
are taken at even steps through the sorted list. Agreement is 2 |A and B| / (|A| + |B|) over the
bags of words. Words that only one side has are put into classes, each explained below.

Needs chromium, chromium-driver and the Python package selenium.
"""
import collections, email, email.policy, html, json, pathlib, re, subprocess, sys, tempfile

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service

WORD = re.compile(r"\w+")
INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0]"
)


def words(text):
    return collections.Counter(WORD.findall(INVISIBLE.sub("", text).lower()))


class Browser:
    def __init__(self):
        options = Options()
        for flag in ("--headless", "--no-sandbox", "--disable-gpu", "--blink-settings=imagesEnabled=false"):
            options.add_argument(flag)
        options.add_experimental_option(
            "prefs", {"profile.managed_default_content_settings.javascript": 2}
        )
        self.driver = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)
        self.driver.set_page_load_timeout(15)
        self.driver.execute_cdp_cmd("Network.enable", {})
        self.driver.execute_cdp_cmd("Network.setBlockedURLs", {"urls": ["http://*", "https://*"]})
        self.folder = tempfile.TemporaryDirectory()

    def text(self, source):
        page = pathlib.Path(self.folder.name) / "page.html"
        # The charset is settled: a BOM outweighs whatever the document declares.
        page.write_bytes(b"\xef\xbb\xbf" + source.encode("utf-8", "replace"))
        try:
            self.driver.get(page.as_uri())
        except Exception:
            self.driver.execute_script("window.stop()")
        return self.driver.execute_script("return document.body ? document.body.innerText : ''") or ""


def content(part):
    try:
        return part.get_content()
    except Exception:
        return (part.get_payload(decode=True) or b"").decode("latin-1")


def leaf(part, browser):
    if part.get_content_disposition() == "attachment":
        return "", ""
    kind = part.get_content_type()
    if kind == "text/html":
        return "html", browser.text(content(part))
    if kind == "text/plain":
        text = content(part)
        if text.lstrip()[:200].lower().startswith(("<html", "<!doctype html")):
            return "html", browser.text(text)
        return "plain", text
    return "", ""


def read(part, browser):
    """(kind, text) of an entity as a mail client would show it."""
    kind = part.get_content_type()
    if kind == "message/rfc822":
        if part.get_content_disposition() == "attachment":
            return "", ""
        inner = part.get_payload()
        inner = inner[0] if isinstance(inner, list) and inner else None
        if inner is None:
            return "", ""
        found, text = read(inner, browser)
        return found, str(inner["subject"] or "") + "\n" + text
    if not part.is_multipart():
        return leaf(part, browser)
    children = [read(child, browser) for child in part.iter_parts()]
    children = [child for child in children if child[1].strip()]
    if not children:
        return "", ""
    if kind == "multipart/alternative":
        rich = [child for child in children if child[0] == "html"]
        if rich and len(rich[-1][1].split()) >= 5:
            return rich[-1]
        plain = [child for child in children if child[0] != "html"]
        return (plain or rich)[-1]
    if kind == "multipart/related":
        return children[0]
    return ("html" if any(k == "html" for k, _ in children) else "plain",
            "\n".join(text for _, text in children))


ALT = re.compile(r"""\balt\s*=\s*("[^"]*"|'[^']*'|[^\s>]+)""", re.I)
VALUE = re.compile(r"""<input\b[^>]*\bvalue\s*=\s*("[^"]*"|'[^']*'|[^\s>]+)""", re.I)


class Sources:
    """Where words stand that only one side takes for text."""

    def __init__(self, message, extract):
        self.hidden = words(extract["hidden"] + " " + extract["preheader"])
        self.alt, self.value, self.reports, self.returned, self.passed = (
            collections.Counter() for _ in range(5)
        )
        self.is_report = message.get_content_type() == "multipart/report"
        for part in message.walk():
            kind = part.get_content_type()
            if kind == "text/html":
                source = html.unescape(content(part))
                self.alt += words(" ".join(ALT.findall(source)))
                self.value += words(" ".join(VALUE.findall(source)))
            elif kind in ("message/delivery-status", "message/feedback-report",
                          "message/disposition-notification"):
                self.reports += words(part.as_string())
            elif kind == "message/rfc822":
                self.returned += words(part.as_string())
            elif kind.startswith("text/"):
                self.passed += words(content(part))

    def of(self, word, side):
        if side == "reader":
            if word in self.hidden:
                return "reader only: hidden by colour, size or position, which innerText does not judge"
            if word in self.returned and self.is_report:
                return "reader only: the returned message of a report, an attachment to siftd"
            return "reader only: other"
        if word in self.alt:
            return "siftd only: alt text of images, which innerText leaves out"
        if word in self.value:
            return "siftd only: labels of buttons, which innerText leaves out"
        if word in self.reports:
            return "siftd only: delivery status, which Python does not take for text"
        if word in self.returned:
            return "siftd only: other text of a message in the message"
        return "siftd only: other"


def main():
    siftd, browser = sys.argv[1], Browser()
    for argument in sys.argv[2:]:
        folder, _, count = argument.partition(":")
        paths = sorted(p for p in pathlib.Path(folder).rglob("*") if p.is_file())
        if count and len(paths) > int(count):
            step = len(paths) / int(count)
            paths = [paths[int(i * step)] for i in range(int(count))]
        report(siftd, browser, folder, paths)


def report(siftd, browser, folder, paths):
    scores, classes, worst = [], collections.Counter(), []
    both = ours_total = theirs_total = 0
    for path in paths:
        out = subprocess.run([siftd, "extract", "--json", str(path)], capture_output=True, text=True)
        extract = json.loads(out.stdout.splitlines()[0])
        message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        try:
            _, text = read(message, browser)
        except Exception as error:
            classes[f"reader failed: {type(error).__name__}"] += 1
            continue
        sources = Sources(message, extract)
        ours, theirs = words(extract["visible"]), words(text)
        common = sum((ours & theirs).values())
        total = sum(ours.values()) + sum(theirs.values())
        both += common
        ours_total += sum(ours.values())
        theirs_total += sum(theirs.values())
        score = 2 * common / total if total else 1
        scores.append(score)
        for word, n in (theirs - ours).items():
            classes[sources.of(word, "reader")] += n
        for word, n in (ours - theirs).items():
            classes[sources.of(word, "siftd")] += n
        if score < 0.98:
            worst.append((score, str(path), dict((ours - theirs).most_common(6)), dict((theirs - ours).most_common(6))))
    scores.sort()
    print(f"{folder}: {len(scores)} messages")
    print(f"  agreement over all words {2 * both / max(1, ours_total + theirs_total):.4f}, "
          f"median {scores[len(scores) // 2]:.4f}, worst tenth {scores[len(scores) // 10]:.4f}, "
          f"exact {sum(s == 1 for s in scores)}")
    for name, n in classes.most_common():
        print(f"  {n:6d} words  {name}")
    for score, path, ours, theirs in sorted(worst, key=lambda w: w[0])[:40]:
        print(f"    {score:.3f} {path}\n        siftd only {ours}\n        reader only {theirs}")


main()
