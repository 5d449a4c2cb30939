#!/usr/bin/env python3
"""Splits a guide into the steps of its test.

    guide.py GUIDE FOLDER

The first line of a guide that is tested is <!-- test: DEBIAN-PACKAGE… -->; these packages are printed.
FOLDER gets a file for each step, in order:

- NN.sh       a block ```sh: commands of the guide
- NN.network  the same, if its first command is apt's or buildah's: run with the host's network
- NN.file     a block ```LANGUAGE /PATH: the first line is the path, the rest the content to write there
- NN.check    a comment <!-- check … -->: what must be so by then, not shown to readers
"""

import pathlib
import re
import sys

STEP = re.compile(
    r"^```(?P<language>\w+)(?: (?P<path>/\S+))?\n(?P<block>.*?)^```$|^<!-- check\n(?P<check>.*?)^-->$",
    re.MULTILINE | re.DOTALL)
NETWORK = ("apt", "buildah")


def main():
    """Writes the steps."""
    guide, folder = map(pathlib.Path, sys.argv[1:])
    text = guide.read_text(encoding="utf-8")
    header = re.match(r"<!-- test:(.*) -->\n", text)
    if not header:
        return
    folder.mkdir(parents=True)
    print(header[1].strip())
    for number, step in enumerate(STEP.finditer(text)):
        if step["check"] is not None:
            name, content = "check", step["check"]
        elif step["path"]:
            name, content = "file", step["path"] + "\n" + step["block"]
        elif step["language"] == "sh":
            is_network = step["block"].startswith(NETWORK)
            name, content = "network" if is_network else "sh", step["block"]
        else:
            continue
        (folder / f"{number:02}.{name}").write_text(content, encoding="utf-8")


if __name__ == "__main__":
    main()
