#!/usr/bin/env python3
"""How far siftd's reading of misnested HTML agrees with an independent tree builder.

    html5lib_text.py SIFTD [COUNT [SEED]]     e.g. .build/release/siftd 4000 1

Makes COUNT documents of random tags and words, one or two elements of each hidden by the attribute
`hidden` or a style, and asks html5lib, which follows the standard's tree construction, which words
are in no hidden element. Agreement is the share of documents in which siftd shows the same words.
The first disagreements are printed with their source.

Needs the Python package html5lib. What html5lib 1.1 does not know yet is left out: `template`,
`search`, `dialog`, `rb`, and `</p>` and `</br>` in drawings, which the older standard ignored.
"""
import collections
import json
import pathlib
import random
import subprocess
import sys
import tempfile

import html5lib

HTML = "{http://www.w3.org/1999/xhtml}"
SVG = "{http://www.w3.org/2000/svg}"
HIDING = ("hidden", "style=display:none", 'style="display: none"')
# Elements that show nothing of their content, as browsers' default style sheet has it.
UNSEEN = {HTML + name for name in (
    "head", "style", "script", "title", "template", "noframes", "noembed", "iframe", "frameset",
    "audio", "video", "datalist", "rp")}
UNDRAWN = {SVG + name for name in ("desc", "title", "defs", "symbol", "pattern", "mask", "marker")}

COMMON = "p div b i a font span table tr td tbody ul li".split()
TAGS = COMMON * 3 + (
    "th thead tfoot caption colgroup col ol dl dt dd h1 h2 em u nobr code tt big form button object "
    "marquee applet select option optgroup input img br hr pre listing blockquote center section "
    "svg math foreignObject desc mi mtext title style script textarea xmp iframe noscript "
    "body html head frameset frame basefont image ruby rt rp fieldset address strike x-y "
    "annotation-xml mglyph keygen plaintext").split()
RARE = {"plaintext", "script", "style", "xmp", "iframe", "title", "textarea", "noscript", "frameset", "head"}


def document(seed):
    """A random document whose words are all different."""
    chance = random.Random(seed)
    pieces, number, started = [], 0, []
    if chance.random() < 0.5:
        pieces.append("<!DOCTYPE html>")
    count = chance.randint(4, 24)
    hidden = {chance.randrange(count) for _ in range(chance.randint(1, 2))}
    for position in range(count):
        name = chance.choice(TAGS)
        if name in RARE and chance.random() < 0.7:
            name = chance.choice(COMMON)
        if position in hidden:
            pieces.append(f"<{name} {chance.choice(HIDING)}>")
            started.append(name)
        elif chance.random() < 0.6:
            pieces.append(f"<{name}{chance.choice(('', '', '', '', '/', ' color=red'))}>")
            started.append(name)
        else:
            if started and chance.random() < 0.7:
                name = chance.choice(started)
            if name in ("p", "br") and ("svg" in started or "math" in started):
                name = "div"
            pieces.append(f"</{name}>")
        if chance.random() < 0.6:
            number += 1
            # Five times: with fewer words to see, siftd reads the preview too.
            pieces.append(f" word{number}" * 5 + " ")
    return "".join(pieces)


def hides(element):
    if element.tag in UNSEEN:
        return True
    is_html = element.tag.startswith(HTML)
    return (is_html and "hidden" in element.attrib
            or "display:none" in element.attrib.get("style", "").replace(" ", ""))


def shown(element, is_drawing=False):
    """The words of the tree that are in no hidden element, nor part of a drawing."""
    if not isinstance(element.tag, str) or hides(element) or element.tag in UNDRAWN:
        return []
    if element.tag.startswith(SVG):
        is_drawing = element.tag != SVG + "foreignObject"
    elif element.tag.startswith(HTML):
        is_drawing = False
    words = [] if is_drawing else (element.text or "").split()
    for child in element:
        words += shown(child, is_drawing)
        if not is_drawing:
            words += (child.tail or "").split()
    return words


def main():
    siftd = sys.argv[1]
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 2_000
    first = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    compared, agree, left_out, read, examples = 0, 0, 0, 0, []
    with tempfile.TemporaryDirectory() as folder:
        sources = [document(seed) for seed in range(first, first + count)]
        paths = []
        for index, source in enumerate(sources):
            path = pathlib.Path(folder) / f"{index:06}.eml"
            path.write_text("Subject: x\nContent-Type: text/html; charset=utf-8\n\n" + source
                            + "\n")
            paths.append(str(path))
        extracts = []
        for start in range(0, count, 200):
            out = subprocess.run([siftd, "extract", "--json", *paths[start:start + 200]],
                                 capture_output=True, text=True, check=True)
            extracts += [json.loads(line) for line in out.stdout.splitlines()]
    for source, extract in zip(sources, extracts):
        theirs = collections.Counter(shown(html5lib.parse(source)))
        ours = collections.Counter(extract["visible"].split())
        if not theirs:
            # Nothing to see: siftd reads the preview then.
            continue
        compared += 1
        if ours == theirs:
            agree += 1
            continue
        left_out += bool(theirs - ours)
        read += bool(ours - theirs)
        examples.append((len(source), source, sorted(theirs - ours), sorted(ours - theirs)))
    print(f"{compared} documents from seed {first}: {agree / max(1, compared):.4f} agree, "
          f"{left_out} leave out shown words, {read} read hidden words")
    for _, source, missing, extra in sorted(examples)[:15]:
        print(f"  {source}\n    left out {missing}, read {extra}")


main()
