#!/usr/bin/env python3
"""What spamc says with siftd beside what it says with SpamAssassin's spamd: exit code and shape.

    shape.py --siftd SIFTD --ham FILE --spam FILE

Both messages should be judged the same by both. For every flag the output is made a shape: numbers
become 0, and of a report the heading of its table must be the same. Exit 1 when a code or a shape
differs.
"""
import argparse, re, subprocess, sys
import rig

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
parser.add_argument("--siftd", required=True)
parser.add_argument("--model", default=f"{rig.checkout}/share/siftd/models/starter")
parser.add_argument("--ham", required=True)
parser.add_argument("--spam", required=True)
options = parser.parse_args()

FLAGS = ["-c", "-R", "-r", "-y", "-E", "-R -E", "-r -E", "-y -E", "--headers", "-x", "-K", "-L spam"]


def shape(flag, text):
    """The output without what may differ: numbers, names of tests, sentences."""
    if "-R" in flag or "-r" in flag:
        lines = text.split("\n")
        kept = [line for line in lines if re.match(r"[\d.]+/[\d.]+$|Content analysis| pts|----", line)]
        text = "\n".join(kept)
    elif "-y" in flag:
        # SpamAssassin may find nothing.
        text = "tests" if re.fullmatch(r"[A-Z0-9_,]*", text) else text
    elif flag in ("-E", "-x", "--headers"):
        header, _, body = text.partition("\n\n")
        # Of ham SpamAssassin adds no X-Spam-Flag; X-Spam-Status is always there.
        found = re.search(r"^X-Spam-Status: (Yes|No)", header, re.M)
        text = f"{found and found[0]}, body {hash(body)}"
    return re.sub(r"\d+", "0", text)


def ask(path, flag, message):
    run = subprocess.run(["spamc", "-U", path, *flag.split()], stdin=open(message, "rb"),
                         stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    return run.returncode, shape(flag, run.stdout.decode(errors="replace"))


differences = 0
with rig.Rig() as place:
    ours, theirs = place.siftd(options.siftd, options.model), place.spamd(2)
    print("| message | flags | siftd | SpamAssassin | shape |\n|---|---|---|---|---|")
    for kind, message in (("ham", options.ham), ("spam", options.spam)):
        for flag in FLAGS:
            (code, text), (other, expected) = ask(ours.path, flag, message), ask(theirs.path, flag, message)
            # With report_safe 1, its default, SpamAssassin puts spam into an attachment.
            wraps = kind == "spam" and flag in ("-E", "-x", "--headers")
            same = text == expected or wraps
            differences += code != other or not same
            word = "wrapped there" if wraps and text != expected else "same" if same else f"{text!r} {expected!r}"
            print(f"| {kind} | `{flag}` | {code} | {other} | {word} |")
print(f"{differences} differences")
sys.exit(differences > 0)
