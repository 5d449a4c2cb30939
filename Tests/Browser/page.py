#!/usr/bin/env python3
"""Drives the web page in headless Chromium against a running siftd.

    page.py SIFTD [SCREENSHOTS]

Needs Debian's chromium, chromium-driver and Selenium (python3-selenium). SIFTD is the binary; the
folder SCREENSHOTS gets pictures of each view in both themes, wide and as on a phone.
"""

import base64
import hashlib
import json
import os
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

CHECKOUT = pathlib.Path(__file__).resolve().parents[2]
STARTER = CHECKOUT / "share/siftd/models/starter"
TOKEN = "0123456789abcdef0123456789"
# What the page says of a retraining that ended as one should.
JOB_ENDS = ("in force", "refused by the guard")
EVIL = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>"


class Daemon:
    """A siftd of its own with two versions of the model and a few past verdicts."""

    def __init__(self, binary, folder):
        self.folder = folder
        (folder / "learn").mkdir()
        versions = folder / "models/versions"
        versions.mkdir(parents=True)
        for number in (1, 2):
            self.add_version(versions, number)
        (folder / "models/active").symlink_to("versions/version-1")
        token = folder / "token"
        token.write_text(TOKEN)
        token.chmod(0o600)
        configuration = folder / "siftd.toml"
        configuration.write_text(f"""
[milter]
socket = "unix:{folder}/milter.sock"
[http]
port = 0
write_token_file = "{token}"
[model]
directory = "{folder}/models/active"
[learn]
directory = "{folder}/learn"
registry = "{folder}/models"
socket = "{folder}/control.sock"
""")
        self.log = open(folder / "log", "w+")
        self.process = subprocess.Popen(
            [binary, "serve", "--config", configuration], stderr=self.log, stdout=self.log)
        self.url = self.wait_for_url()
        self.add_history()

    @staticmethod
    def add_version(versions, number):
        """A copy of the starter model under another id."""
        target = versions / f"version-{number}"
        shutil.copytree(STARTER, target)
        configuration = target / "config.json"
        text = json.loads(configuration.read_text())
        text["id"] = target.name
        configuration.write_text(json.dumps(text))
        sums = target / "SHA256SUMS"
        digest = hashlib.sha256(configuration.read_bytes()).hexdigest()
        lines = [line if not line.endswith("config.json") else f"{digest}  config.json"
                 for line in sums.read_text().splitlines()]
        sums.write_text("\n".join(lines) + "\n")

    def wait_for_url(self):
        for _ in range(600):
            for line in (self.folder / "log").read_text().splitlines():
                if "msg=http_started" in line:
                    return line.split("url=")[1].strip()
            if self.process.poll() is not None:
                break
            time.sleep(0.1)
        raise SystemExit("siftd did not start:\n" + (self.folder / "log").read_text())

    def add_history(self):
        rows = [("spam", 0.9987, "pills.example"), ("ham", 0.0123, "friends.example"),
                ("unsure", 0.61, "news.example"), ("spam", 0.97, EVIL[:60])]
        store = sqlite3.connect(self.folder / "learn/labels.sqlite")
        for index, (verdict, probability, domain) in enumerate(rows):
            store.execute(
                "INSERT INTO history (time, digest, queue_id, sender_domain, verdict, probability,"
                " model, logit, action, feature_version, features)"
                " VALUES (?, ?, '4X', ?, ?, ?, 'version-1', 1, 'accept', 0, x'')",
                (int(time.time()) - 600 * index, bytes([index]) * 32, domain, verdict, probability))
        store.commit()
        store.close()

    def stop(self):
        self.process.terminate()
        self.process.wait()
        self.log.close()


class Page:
    """The page in a browser."""

    def __init__(self, url):
        options = webdriver.ChromeOptions()
        for argument in ("--headless=new", "--no-sandbox", "--disable-gpu",
                         "--disable-dev-shm-usage", "--window-size=1200,1000"):
            options.add_argument(argument)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        service = Service("/usr/bin/chromedriver")
        self.browser = webdriver.Chrome(options=options, service=service)
        self.url = url
        self.browser.get(url)

    def find(self, name):
        return self.browser.find_element(By.ID, name)

    def text(self, name):
        return self.find(name).text

    def wait(self, condition, what, seconds=20):
        WebDriverWait(self.browser, seconds).until(lambda _: condition(), what)

    def open(self, view):
        self.find("tab-" + view).click()
        self.wait(lambda: self.find("view-" + view).is_displayed(), view)

    def judge(self, text):
        box = self.find("message")
        self.browser.execute_script(
            "arguments[0].value = arguments[1]; arguments[0].dispatchEvent(new Event('input'))",
            box, text)
        self.browser.execute_script("document.getElementById('verdict').textContent = ''")
        self.browser.find_element(By.CSS_SELECTOR, "#try-form .primary").click()
        self.wait(lambda: self.text("verdict"), "a verdict")
        return self.text("verdict")

    def sign_in(self, token, who):
        self.find("token-open").click()
        for name, value in (("token", token), ("who", who)):
            self.find(name).clear()
            self.find(name).send_keys(value)
        self.browser.find_element(By.CSS_SELECTOR, "#token-form .primary").click()
        self.wait(lambda: not self.find("token-dialog").is_displayed(), "the dialog to close")
        time.sleep(0.5)

    def emulate(self, theme, width, height=900):
        self.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {
            "features": [{"name": "prefers-color-scheme", "value": theme}]})
        self.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600})

    def picture(self, path):
        height = self.browser.execute_script("return document.documentElement.scrollHeight")
        data = self.browser.execute_cdp_cmd("Page.captureScreenshot", {
            "captureBeyondViewport": True, "clip": {
                "x": 0, "y": 0, "scale": 1, "height": min(height, 3000),
                "width": self.browser.execute_script("return innerWidth")}})["data"]

        path.write_bytes(base64.b64decode(data))


def sample(name):
    return (CHECKOUT / "share/siftd/samples" / name).read_text()


def test_try(page):
    assert page.judge(sample("spam.eml")) == "This is spam"
    marks = page.browser.find_elements(By.CSS_SELECTOR, "#marked mark.spam")
    assert marks, "no word is marked"
    assert page.browser.find_elements(By.CSS_SELECTOR, "#reasons tbody tr")
    assert page.judge(sample("ham.eml")) == "This is not spam"
    assert page.judge("Hello Ann, shall we meet for lunch on Friday at the usual table?")


def test_drop(page):
    """Drops a file as the browser would."""
    page.browser.execute_script("document.getElementById('verdict').textContent = ''")
    page.browser.execute_script("""
        const data = new DataTransfer();
        data.items.add(new File([arguments[0]], arguments[1], { type: 'message/rfc822' }));
        document.getElementById('view-try').dispatchEvent(
            new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
    """, sample("spam.eml"), "a" + EVIL + ".eml")
    page.wait(lambda: page.text("verdict") == "This is spam", "the dropped file's verdict")
    assert EVIL in page.text("file-name")


def test_mark(page):
    """Marks the message in the box, and takes the mark back."""
    page.find("teach-row").find_element(By.CSS_SELECTOR, "[data-label=ham]").click()
    page.wait(lambda: "Thank you" in page.text("lesson"), "thanks")
    page.find("forget").click()
    page.wait(lambda: "taken back" in page.text("lesson"), "the mark to be taken back")


def test_injection(page):
    message = (f"From: x <a@b.example>\r\nSubject: {EVIL}\r\nMIME-Version: 1.0\r\n"
               "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n"
               f"free pills {EVIL}\r\n--b\r\nContent-Type: image/png; name=\"{EVIL.replace(chr(34), '')}\"\r\n\r\n"
               "x\r\n--b--\r\n")
    page.judge(message)
    assert "onerror" in page.text("subject")
    assert "onerror" in page.text("marked")
    assert not page.browser.find_elements(By.CSS_SELECTOR, "main img, main script")
    assert page.browser.title == "siftd"


def rows(page, name):
    return page.browser.find_elements(By.CSS_SELECTOR, f"#{name} tbody tr")


def test_recent(page):
    page.open("recent")
    page.wait(lambda: len(rows(page, "recent")) == 4, "four verdicts")
    assert "onerror" in page.text("recent") and page.browser.title == "siftd"
    rows(page, "recent")[0].find_elements(By.TAG_NAME, "button")[1].click()
    page.wait(lambda: "stored" in rows(page, "recent")[0].text, "the correction")
    page.find("filter-domain").send_keys("friends.example" + Keys.ENTER)
    page.wait(lambda: len(rows(page, "recent")) == 1, "one verdict")
    page.find("filter-domain").clear()


def test_learn(page):
    page.open("learn")
    page.wait(lambda: len(rows(page, "models")) == 2, "two versions")
    page.browser.find_element(By.CSS_SELECTOR, "#models button").click()
    page.wait(lambda: "version-2 is in force" in page.text("models-result"), "version 2")
    page.wait(lambda: "version-2" in page.text("state-text"), "the state")
    page.wait(lambda: page.find("rollback").is_displayed(), "the way back")
    page.find("rollback").click()
    page.wait(lambda: "version-1 is in force" in page.text("models-result"), "version 1")


def test_upload(page, folder):
    """Uploads a table with a mistake and a sound one, and watches the retraining to its end."""
    page.open("learn")
    bad = folder / "bad.csv"
    bad.write_text(f'label,text\nspam,"{EVIL.replace(chr(34), chr(34) * 2)}"\n"{EVIL[:20].replace(chr(34), "")}",text\n')
    page.find("csv").send_keys(str(bad))
    page.find("retrain").click()
    page.wait(lambda: "row 2 (line 3)" in page.text("csv-error").lower(), "the row with the mistake")
    assert "<img" in page.text("csv-error") and page.browser.title == "siftd"
    table = folder / "<img src=x onerror=document.title=1>.csv"
    rows_ = "".join(
        f'{label},"{text} {number} {EVIL.replace(chr(34), chr(34) * 2)}"\n'
        for number in range(15)
        for label, text in (("spam", "win a prize with cheap pills"),
                            ("ham", "minutes of the meeting of the board")))
    table.write_text("label,text\n" + rows_)
    page.find("csv").send_keys(str(table))
    page.find("retrain").click()
    page.wait(lambda: "has started" in page.text("csv-result")
              or "runs" in page.text("csv-result"), "the start")
    page.wait(lambda: any(word in page.text("csv-result") for word in JOB_ENDS),
              "the end of the retraining", 900)
    page.wait(lambda: len(rows(page, "jobs")) == 1, "the retraining in the list")
    assert "a table of admin" in page.text("jobs"), page.text("jobs")
    assert page.browser.title == "siftd"
    print("upload:", page.text("csv-result"))


def test_health(page):
    page.open("health")
    page.wait(lambda: "messages judged" in page.text("tiles"), "tiles")
    assert len(page.browser.find_elements(By.CSS_SELECTOR, "#plots svg")) == 4
    page.wait(lambda: page.browser.find_elements(By.CSS_SELECTOR, "#plots polyline:not(.base)"),
              "a plot that goes on")
    assert "version-1" in page.text("model-facts")


def test_keyboard(page):
    """Tries a message and changes the view without a mouse."""
    page.open("try")
    page.browser.execute_script("document.getElementById('tab-try').focus()")
    active = lambda: page.browser.switch_to.active_element
    active().send_keys(Keys.ARROW_RIGHT)
    page.wait(lambda: page.find("view-recent").is_displayed(), "the next view")
    active().send_keys(Keys.ARROW_LEFT)
    page.wait(lambda: page.find("view-try").is_displayed(), "the view before")
    for _ in range(10):
        active().send_keys(Keys.TAB)
        if active().get_attribute("id") == "message":
            break
    assert active().get_attribute("id") == "message", "the box can't be reached by Tab"
    page.browser.execute_script("document.getElementById('verdict').textContent = ''")
    active().send_keys(Keys.CONTROL, "a")
    active().send_keys("win money now")
    active().send_keys(Keys.TAB)
    active().send_keys(Keys.ENTER)
    page.wait(lambda: page.text("verdict"), "a verdict")
    assert active().get_attribute("id") == "verdict", "the verdict is not focused"


def pictures(page, folder):
    folder.mkdir(parents=True, exist_ok=True)
    for theme in ("light", "dark"):
        for name, width in (("wide", 1100), ("phone", 380)):
            page.emulate(theme, width)
            for view in ("try", "recent", "learn", "health"):
                page.open(view)
                if view == "try":
                    page.judge(sample("spam.eml"))
                time.sleep(0.6)
                wide = page.browser.execute_script(
                    "return document.documentElement.scrollWidth > innerWidth")
                assert not wide, f"{view} is wider than a screen of {width}"
                page.picture(folder / f"{view}-{theme}-{name}.png")


def main():
    binary, folder = sys.argv[1], pathlib.Path(sys.argv[2]) if len(sys.argv) > 2 else None
    with tempfile.TemporaryDirectory() as scratch:
        daemon = Daemon(os.path.abspath(binary), pathlib.Path(scratch))
        page = None
        try:
            page = Page(daemon.url)
            page.wait(lambda: "Ready" in page.text("state-text"), "the state")
            page.sign_in(TOKEN, "alice@example.org")
            for test in (test_try, test_drop, test_mark, test_injection, test_recent, test_learn,
                         test_health, test_keyboard):
                test(page)
                print(test.__name__, "passed")
            test_upload(page, pathlib.Path(scratch))
            print("test_upload passed")
            if folder:
                pictures(page, folder)
            faults = [one["message"] for one in page.browser.get_log("browser")
                      if one["level"] == "SEVERE"
                      # The table with a mistake, and the hosts of a siftd that stands alone.
                      and not ("/v1/retrain" in one["message"] and " 422 " in one["message"])
                      and not ("/v1/fleet" in one["message"] and " 501 " in one["message"])]
            assert not faults, faults
        except Exception:
            if page and folder:
                folder.mkdir(parents=True, exist_ok=True)
                page.picture(folder / "failed.png")
            raise
        finally:
            if page:
                page.browser.quit()
            daemon.stop()


if __name__ == "__main__":
    main()
