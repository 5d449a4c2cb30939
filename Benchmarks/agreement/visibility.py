#!/usr/bin/env python3
"""How far siftd's idea of visible text agrees with Chromium's, text node by text node.

    visibility.py SIFTD [COUNT] [SEED]       e.g. .build/debug/siftd 3000 1

Documents of nested elements with random styles are made from a seed. Each text node is one word of
its own. Headless Chromium shows every document in a frame of 800 by 800 pixels, and a script in the
page finds the words that can be seen: by the computed style, by what clips the rectangle of the
text, and by the contrast of its colours, with the limits of Sources/MailText/Style/Visibility.swift.
`siftd extract --json` says which of them it reads. Words on which the two differ are listed by the
styles around them, those that siftd takes for hidden first. With seeds 1 to 3, 99.8 % of the text
nodes agree; the rest needs a layout (text below what is clipped, tables that clip, flexible boxes).

Needs the program chromium.
"""
import collections, html, json, pathlib, random, re, subprocess, sys, tempfile

COLORS = """#fff #ffffff white #FEFEFE rgb(255,255,255) rgb(100%,100%,100%) rgba(255,255,255,1)
#000 black #333 red #ff000000 #ffff rgba(0,0,0,0) transparent hsl(0,0%,100%) hsl(.5turn_50%_100%)
hwb(0_100%_0%) hwb(0_0%_100%) lab(100%_0_0) lab(0%_0_0) oklch(1_0_0) color(srgb_1_1_1)
color(srgb_0_0_0) initial inherit unset revert currentcolor CanvasText Canvas #fffx rgbfoo(1,2,3)
ffffff fff rgb(255_255_255/0) rgb(255,255) var(--w) var(--b) var(--none) var(--none,#000)""".split()
SIZES = """0 0px 1px 0% 0em 2em 40px 300px auto calc(0px) calc(1px_-_1px) calc(100%_-_10px) min(0px,5px)
-1px 5 inherit initial 100% 0.5px 1e1px""".split()
OFFSETS = """0 -9999px -5000px 10px -20px -200em calc(-1_*_9999px) auto -9999 initial -1e4px""".split()
CHOICES = {
    "display": "none block inline inline-block table table-cell flex inline-flex contents initial "
    "unset revert inherit grid list-item flow-root nosuch none!important block!important "
    "-webkit-box block_flow ruby var(--none)",
    "visibility": "hidden visible collapse initial unset inherit revert nosuch hidden!important",
    "opacity": "0 1 0.01 .5 0% 50% 100 -1 initial inherit calc(0) nosuch",
    "font-size": "0 1px 0px 12px 0.5em 0em 200% larger smaller medium small -1px 0% calc(0px) 5 1 "
    "initial inherit unset revert nosuch",
    "font": "0_a 0/0_a 12px_Arial menu medium_serif calc(14px)_Arial bold inherit 0 italic_0_x",
    "overflow": "hidden visible auto clip scroll hidden_visible initial nosuch",
    "overflow-y": "hidden visible clip",
    "position": "absolute relative fixed static sticky initial nosuch",
    "float": "left right none",
    "clip": "rect(0,0,0,0) rect(0_0_0_0) auto rect(0,500px,500px,0) rect(1px,1px,1px,1px)",
    "clip-path": "inset(100%) inset(50%) inset(0) circle(0) none polygon(0_0,0_0,0_0) nosuch",
    "transform": "scale(0) scale(1) translateX(-9999px) translate(-9999px,0) none rotateX(90deg) nosuch",
    "filter": "opacity(0) opacity(1) none opacity(0%) nosuch",
    "padding": "0 20px 0_0_30px_0 30px_0_0 0_0_0_40px",
    "min-height": "0 30px 0px 2em 100%",
    "min-width": "0 100px 0px 100%",
    "max-height": "0 0px 1px none 100px",
    "max-width": "0 0px none 300px",
    "all": "initial unset revert inherit",
    "-webkit-text-fill-color": "transparent black #fff currentcolor inherit",
    "content-visibility": "hidden visible",
    "direction": "ltr",
    "white-space": "nowrap normal pre",
}
CHOICES = {name: values.split() for name, values in CHOICES.items()}
CHOICES.update({"color": COLORS, "background-color": COLORS, "background": COLORS + ["none"]})
CHOICES.update({"width": SIZES, "height": SIZES, "left": OFFSETS, "text-indent": OFFSETS})
CHOICES.update({"margin-left": "0 20px -10px auto".split()})
# Several properties that hide together, and what undoes it.
RECIPES = """height:0;overflow:hidden max-height:0;overflow:hidden width:0;overflow:hidden
position:absolute;left:-9999px position:absolute;clip:rect(0,0,0,0) color:#fff color:#fff;background:#000
background:#000;color:#fff font-size:0;line-height:0 position:relative;left:-9999px
height:0;overflow:hidden;min-height:80px height:0;overflow:hidden;padding-bottom:40px
display:none;display:block display:block;display:none display:block;margin-left:-9999px display:table;height:0;overflow:hidden
display:inline-block;width:0;overflow:hidden float:left;height:0;overflow:hidden""".split()
ELEMENTS = "div p span b i font section article em u center h2 blockquote a".split()
INLINE = set("span b i font em u a p h2".split())
SELECTORS = """{t} .{c} #{i} {t}.{c} {t}#{i} .{c}.{d} *.{c} * [title] [title={c}] {t}[title^={c}]
.{c}/**/ .\\{x}_ {t}.{c}:hover .{c},:bogus .{c},:nth-child(99) .1{c} a:link .{c}:not(.zz) .{d}_.{c}
.{d}>.{c} #{i}.{c} [class~={c}] .{c},.{d} [align] :root .{C}""".split()
WRAPPERS = """{} {} {} {} @media_screen{{{}}} @media_print{{{}}} @media_(max-width:600px){{{}}}
@media_(min-width:600px){{{}}} @supports_(display:grid){{{}}} @supports_(nosuch:1){{{}}}
@layer_a{{{}}} <!--{}--> /*}}*/{} @import_"x";{} @media_not_print{{{}}} }}{} ;{}""".split()
STYLE_TAGS = ["<style>"] * 8 + [
    "<style type=text/css>", "<style type=text/plain>", "<style media=print>", "<style type=''>",
    "<style media=screen>", '<style media="(max-width:100px)">',
]
CLASSES = "ab cd ef gh".split()
IDS = "ia ib".split()
LIMIT = {"opacity": 0.02, "alpha": 0.06, "contrast": 24, "size": 1, "side": 1}

SCRIPT = """
function over(top, bottom) {
  return [0, 1, 2].map(i => top[i] * top[3] + bottom[i] * (1 - top[3])).concat([1]);
}
const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
const known = new Map();
function color(text) {
  if (!known.has(text)) {
    const m = /^rgba?\\(([\\d.]+), ([\\d.]+), ([\\d.]+)(?:, ([\\d.]+))?\\)$/.exec(text);
    if (m) known.set(text, [+m[1], +m[2], +m[3], m[4] === undefined ? 1 : +m[4]]);
    else {
      canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = text; canvas.fillRect(0, 0, 1, 1);
      const d = canvas.getImageData(0, 0, 1, 1).data;
      known.set(text, [d[0], d[1], d[2], d[3] / 255]);
    }
  }
  return known.get(text);
}
function clips(style, axis) { return style['overflow' + axis] != 'visible'; }
function isVisible(node, view, limit) {
  const element = node.parentElement;
  const own = view.getComputedStyle(element);
  // An element with display: contents has no box itself.
  let boxed = element;
  while (boxed.parentElement && view.getComputedStyle(boxed).display == 'contents') boxed = boxed.parentElement;
  if (!boxed.checkVisibility()) return false;
  if (own.visibility != 'visible' || parseFloat(own.fontSize) <= limit.size) return false;
  const range = node.ownerDocument.createRange();
  range.selectNodeContents(node);
  const rects = [...range.getClientRects()].filter(r => r.width > 1 && r.height > 1);
  if (!rects.length) return false;
  const r = rects[0];
  const root = view.document.scrollingElement || view.document.documentElement;
  let box = {l: r.left, t: r.top, r: r.right, b: r.bottom};
  let opacity = 1, position = own.position, isFixed = false, isAbsolute = false;
  const layers = [];
  for (let e = element; e; e = e.parentElement) {
    const style = view.getComputedStyle(e);
    if (style.display != 'contents') opacity *= +style.opacity;
    const inline = style.display == 'inline' || style.display == 'contents' || style.display == 'ruby';
    if (style.contentVisibility == 'hidden' && !inline) return false;
    const filter = /opacity\\(([\\d.]+)\\)/.exec(style.filter);
    if (filter) opacity *= +filter[1];
    if (style.display != 'contents') layers.push(color(style.backgroundColor));
    const isRoot = e == view.document.body || e == view.document.documentElement;
    const isPositioned = style.position != 'static' || style.transform != 'none' || style.filter != 'none';
    const skipped = isFixed && style.transform == 'none' && style.filter == 'none' || isAbsolute && !isPositioned;
    if (!skipped) { isAbsolute = false; isFixed = false; }
    const bounds = e.getBoundingClientRect();
    const isBox = style.display != 'inline' && style.display != 'contents' && style.display != 'ruby';
    if (!skipped && !isRoot && isBox && !style.display.startsWith('table-row')) {
      const l = bounds.left + e.clientLeft, t = bounds.top + e.clientTop;
      if (clips(style, 'X')) { box.l = Math.max(box.l, l); box.r = Math.min(box.r, l + Math.max(e.clientWidth, 0)); }
      if (clips(style, 'Y')) { box.t = Math.max(box.t, t); box.b = Math.min(box.b, t + Math.max(e.clientHeight, 0)); }
    }
    if (style.clip.startsWith('rect') && (style.position == 'absolute' || style.position == 'fixed')) {
      const m = style.clip.match(/-?[\\d.]+(?=px)/g) || [];
      if (m.length == 4 && (m[2] - m[0] <= 1 || m[1] - m[3] <= 1)) return false;
    }
    if (/^(inset\\((100|50)%\\)|circle\\(0(px)?( at .*)?\\)|polygon\\(0px 0px, 0px 0px, 0px 0px\\))$/.test(style.clipPath)) return false;
    if (style.position == 'fixed') isFixed = true;
    else if (style.position == 'absolute') isAbsolute = true;
  }
  if (opacity <= limit.opacity) return false;
  if (box.r - box.l <= limit.side || box.b - box.t <= limit.side) return false;
  if (box.r + view.scrollX <= 0 || box.b + view.scrollY <= 0) return false;
  const fill = color(own.webkitTextFillColor);
  if (fill[3] <= limit.alpha) return false;
  let back = [255, 255, 255, 1];
  for (const layer of layers.reverse()) back = over(layer, back);
  const text = over(fill, back);
  return [0, 1, 2].reduce((sum, i) => sum + Math.abs(Math.round(text[i]) - Math.round(back[i])), 0) > limit.contrast;
}
async function run(documents, limit) {
  const frame = document.createElement('iframe');
  frame.width = 800; frame.height = 800; frame.style.border = 0;
  document.body.append(frame);
  const seen = [];
  for (const source of documents) {
    const inner = frame.contentDocument;
    inner.open(); inner.write(source); inner.close();
    const words = [];
    const walker = inner.createTreeWalker(inner.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const node = walker.currentNode;
      if (/^one two/.test(node.data)) words.push(isVisible(node, frame.contentWindow, limit) ? 'lead' : '');
      if (!/^\\s*w\\d+x\\s*$/.test(node.data) || node.parentElement.localName == 'style') continue;
      if (isVisible(node, frame.contentWindow, limit)) words.push(node.data.trim());
    }
    seen.push(words.join(' '));
  }
  document.body.innerHTML = '';
  const result = document.createElement('pre');
  result.id = 'result';
  result.textContent = JSON.stringify(seen);
  document.body.append(result);
}
"""


class Maker:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def declarations(self, most=3):
        pick = self.random.choice
        if self.random.random() < 0.35:
            text = pick(RECIPES)
        else:
            names = self.random.choices(list(CHOICES), k=self.random.randint(1, most))
            text = ";".join(f"{name}:{pick(CHOICES[name])}" for name in names)
        if self.random.random() < 0.1:
            text += ";" + pick(["--w:#fff", "--b:#000", "/*;*/", ";", "x", "--none:none"])
        return text.replace("_", " ")

    def rule(self):
        pick = self.random.choice
        c, d = self.random.sample(CLASSES, 2)
        selector = pick(SELECTORS).replace("_", " ").format(
            t=pick(ELEMENTS), c=c, d=d, i=pick(IDS), x="%x" % ord(c[0]), C=c.upper()
        )
        if selector.startswith(".\\"):
            selector += c[1:]
        rule = f"{selector}{{{self.declarations()}}}"
        return pick(WRAPPERS).replace("_", " ").format(rule) if self.random.random() < 0.6 else rule

    def element(self, depth, is_inline):
        pick = self.random.choice
        tag = pick([e for e in ELEMENTS if not is_inline or e in INLINE - {"p", "h2"}])
        if tag == "a" and self.has_link:
            tag = "span"
        attributes = ""
        if self.random.random() < 0.5:
            attributes += f' style="{html.escape(self.declarations())}"'
        if self.random.random() < 0.4:
            attributes += f' class="{" ".join(self.random.sample(CLASSES, self.random.randint(1, 2)))}"'
        if self.random.random() < 0.15:
            attributes += f" id={pick(IDS)}"
        if self.random.random() < 0.15:
            attributes += f" title={pick(CLASSES)}"
        if self.random.random() < 0.04:
            attributes += pick([" hidden", " hidden=until-found", " align=left"])
        if tag == "font" and self.random.random() < 0.5:
            attributes += f" color={pick(['white', '#fff', 'black', 'ffffff', 'chucknorris'])}"
        if tag == "a":
            attributes += " href=x"
        had_link, self.has_link = self.has_link, self.has_link or tag == "a"
        inside = self.content(depth + 1, is_inline or tag in INLINE)
        self.has_link = had_link
        return f"<{tag}{attributes}>{inside}</{tag}>"

    def word(self):
        self.words += 1
        return f" w{self.words}x "

    def content(self, depth, is_inline):
        result = self.word()
        for _ in range(self.random.choice([0, 1, 1, 2]) if depth < 4 else 0):
            result += self.element(depth, is_inline) + (self.word() if self.random.random() < 0.3 else "")
        return result

    def document(self):
        self.words, self.has_link = 0, False
        css = ""
        if self.random.random() < 0.7:
            rules = "".join(self.rule() for _ in range(self.random.randint(1, 4)))
            css = self.random.choice(STYLE_TAGS) + rules + "</style>"
        doctype = self.random.choice(["<!doctype html>", ""])
        # The first words are always seen, so that nothing is a preheader.
        return (
            f"{doctype}<html><head>{css}</head><body><p style='all:initial!important;display:block!important'>"
            f"one two three four five six</p>{self.content(0, False)}</body></html>"
        )


def chromium(documents):
    with tempfile.TemporaryDirectory() as folder:
        page = pathlib.Path(folder) / "page.html"
        data = json.dumps(documents).replace("<", "\\u003c")
        page.write_text(
            f"<!doctype html><meta charset=utf-8><body><script>{SCRIPT}\n"
            f"run({data}, {json.dumps(LIMIT)})</script>"
        )
        dom = subprocess.run(
            ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom",
             "--window-size=1000,1000", f"--user-data-dir={folder}/profile", page.as_uri()],
            capture_output=True, text=True,
        ).stdout
    found = re.search(r'<pre id="result">(.*?)</pre>', dom, re.S)
    return [set(words.split()) for words in json.loads(html.unescape(found.group(1)))]


def siftd(program, documents):
    with tempfile.TemporaryDirectory() as folder:
        for number, document in enumerate(documents):
            (pathlib.Path(folder) / f"{number:06}.eml").write_text(
                "From: a@example.org\nSubject: x\nMIME-Version: 1.0\n"
                f"Content-Type: text/html; charset=utf-8\n\n{document}\n"
            )
        run = subprocess.run([program, "extract", "--json", folder], capture_output=True, text=True)
        decoder, index, results = json.JSONDecoder(), 0, []
        while index < len(run.stdout):
            value, index = decoder.raw_decode(run.stdout, index)
            results.append(value)
            while index < len(run.stdout) and run.stdout[index].isspace():
                index += 1
        if len(results) == 1 and isinstance(results[0], list):
            results = results[0]
    return [set(re.findall(r"w\d+x", result["visible"])) for result in results]


def around(document, word):
    """The start tags around a word, and the style sheet."""
    before = document[: document.index(f" {word} ")]
    stack = []
    for tag in re.finditer(r"<(/?)(\w+)((?:\"[^\"]*\"|[^>])*)>", before.split("</head>")[1]):
        if tag[1]:
            stack.pop()
        else:
            stack.append(tag[0])
    sheet = re.search(r"<style.*?</style>", document)
    quirks = "" if document.startswith("<!doctype") else "QUIRKS "
    return quirks + (sheet[0] + " " if sheet else "") + "".join(stack[1:])


def main():
    program = sys.argv[1]
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 3000
    maker = Maker(int(sys.argv[3]) if len(sys.argv) > 3 else 1)
    documents = [maker.document() for _ in range(count)]
    browser, filter_ = chromium(documents), siftd(program, documents)
    assert len(browser) == len(filter_) == count, (len(browser), len(filter_), count)
    total, hidden, shown = 0, [], []
    for document, seen, read in zip(documents, browser, filter_):
        # With next to nothing visible, siftd shows the hidden text.
        if "lead" not in seen:
            continue
        seen.discard("lead")
        total += len(set(re.findall(r" (w\d+x) ", document)))
        hidden += [(document, word) for word in sorted(seen - read)]
        shown += [(document, word) for word in sorted(read - seen)]
    different = len(hidden) + len(shown)
    print(f"{count} documents, {total} text nodes, {sum(map(len, browser))} seen in Chromium")
    print(f"agreement {100 * (1 - different / total):.2f} %")
    for title, cases in (("seen, taken for hidden", hidden), ("hidden, taken for seen", shown)):
        print(f"\n{len(cases)} {title}")
        classes = collections.Counter()
        for document, word in cases:
            classes.update(set(re.findall(r"[\w-]+:[^;\"}>]+", around(document, word))))
        print("  most common around them:", ", ".join(f"{k} ({n})" for k, n in classes.most_common(15)))
        for document, word in sorted(cases, key=lambda case: len(around(*case)))[:25]:
            print("  ", word, around(document, word))


main()
