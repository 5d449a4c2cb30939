#!/usr/bin/env python3
"""Makes messages of the mail that was written for training: written.py FOLDER

Reads written/*/*.txt beside this file, of which each folder is a data set; writes
FOLDER/written-*/{ham,spam}/*.eml and FOLDER/written-*.split.tsv, where all are train. What a
message looks like (plain text or HTML, layout, encodings, header fields) is drawn by its digest
from the same choices for ham and spam: dress shall tell nothing. The same text gives the same
bytes.
"""
import hashlib
import html
import re
import sys
import textwrap
from email import message_from_string, policy
from email.message import EmailMessage
from pathlib import Path

MAIL_POLICY = policy.SMTP.clone(linesep="\n", max_line_length=200)
FIELD = re.compile(r"(Label|Kind|Lang|Form|From|Subject|Preheader|To|Attach):\s*(.*)")
# A picture or a link.
LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)\s]*)\)")
BARE_LINK = re.compile(r"(?<![\"'>])(https?://[^\s<)\"]+)")
# What the reserved ending .example of invented names stands for.
ENDINGS = ["com"] * 11 + ["net", "org", "co.uk", "io", "info", "shop", "co", "us", "eu", "de"]
# Names whose owners have .com: another ending would look like an imitation.
BRANDS = set("""adobe airbnb amazon amex apple bankofamerica booking chase costco dhl discord docusign
    dropbox ebay etsy expedia facebook fedex github google hilton ikea instagram intuit linkedin
    lyft marriott microsoft netflix nike nytimes paypal shopify slack spotify square stripe target
    ticketmaster tripadvisor twitter uber ups usps venmo walmart wellsfargo wise youtube zalando
    zoom""".split())
MAILERS = ["Mailchimp Mailer", "PHPMailer 6.8.0", "Microsoft Outlook 16.0", "Apple Mail (2.3774)"]
RECIPIENTS = "alex sam maria office info j.turner kim.b post dana.w contact r.hayes team".split()
HOSTS = ["mail.example.org", "inbox.example.net", "example.com", "home.example.net"]
# Domains of people who write from their phones and at home.
FREE_MAIL = re.compile(
    r"(gmail|googlemail|outlook|hotmail|live|yahoo|icloud|me|web|gmx|t-online|orange|free|laposte|sfr"
    r"|libero|virgilio|ziggo|kpnmail|uol|bol|terra)\.[a-z.]+"
    r"|(qq|163|126|sina|sohu|foxmail|nifty)\.com|(docomo|ezweb|softbank|jcom\.home)\.ne\.jp"
    r"|(mail|yandex|bk|inbox|list|rambler)\.ru|ukr\.net|i\.ua|(wp|onet|o2|op|interia|poczta)\.(pl|eu)"
    r"|(naver|daum|nate)\.com|hanmail\.net|(seznam|email|centrum|volny|post|atlas|tiscali)\.cz"
    r"|(luukku|suomi24|elisanet|saunalahti|kolumbus|welho|pp\.inet)\.(fi|com)|(telia|bredband|comhem|spray)"
    r"\.(com|net|se)|sapo\.pt|hetnet\.nl|posteo\.de")
# Kind of a file, its name and its first bytes.
FILES = {
    "photo": ("image/jpeg", "IMG_{:04}.jpg", b"\xff\xd8\xff\xe0\x00\x10JFIF\x00"),
    "pdf": ("application/pdf", "{:05}.pdf", b"%PDF-1.7\n%"),
    "scan": ("application/pdf", "Scan_{:06}.pdf", b"%PDF-1.4\n%"),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document",
             "{:04}.docx", b"PK\x03\x04"),
}
COLOURS = ["#0b5fff", "#c00", "#111", "#1a7f37", "#ff6a00", "#6b2fb3"]
FONTS = ["Arial,sans-serif", "Helvetica,Arial", "Georgia,serif", "'Segoe UI',Verdana"]


class Draw:
    """Choices that follow from a text."""

    def __init__(self, text):
        self.seed = hashlib.sha256(text.encode()).digest()
        self.count = 0

    def below(self, limit):
        self.count += 1
        digest = hashlib.sha256(self.seed + self.count.to_bytes(4, "big")).digest()
        return int.from_bytes(digest[:12], "big") % limit

    def of(self, *choices):
        return choices[self.below(len(choices))]

    def chance(self, percent):
        return self.below(100) < percent


def messages(path):
    """The fields and the body of each message of a file."""
    for chunk in re.split(r"^=====\s*$", path.read_text(), flags=re.M):
        lines = chunk.strip("\n").split("\n")
        fields = {}
        while lines and (match := FIELD.match(lines[0].strip())):
            fields[match[1]] = real(match[2])
            lines = lines[1:]
        if fields:
            yield fields, real("\n".join(lines).strip("\n"))


def real(text):
    """A text with an ordinary ending for each name under .example, always the same one."""
    def ending(match):
        if match[1].lower() in BRANDS:
            return f"{match[1]}.com"
        return f"{match[1]}.{ENDINGS[hashlib.sha256(match[1].encode()).digest()[0] % len(ENDINGS)]}"
    return re.sub(r"([A-Za-z0-9-]+)\.example\b", ending, text)


def plain(body, links):
    """The text part: links with their address behind them, in a line of its own, or without."""
    def link(match):
        if match[1]:
            return f"[{match[2]}]" if links else ""
        return [match[2], f"{match[2]} ({match[3]})", f"{match[2]}\n{match[3]}"][links]
    text = re.sub(r"^#+ ", "", LINK.sub(link, body), flags=re.M).replace("**", "")
    return re.sub(r"^---$", "-" * 40, text, flags=re.M)


def inline(text):
    def link(match):
        if match[1]:
            return f'<img src="{match[3]}" alt="{match[2]}" width="560">'
        return f'<a href="{match[3]}">{match[2]}</a>'
    text = BARE_LINK.sub(r'<a href="\1">\1</a>', LINK.sub(link, html.escape(text, quote=False)))
    return re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", text).replace("\n", "<br>\n")


def blocks(body):
    """The kind and the text of each paragraph: heading, list, button, quote or text."""
    for block in re.split(r"\n\s*\n", body):
        lines = block.strip("\n").split("\n")
        if lines[0].startswith("#"):
            yield "heading", lines.pop(0).lstrip("# ")
        items = []
        while lines and (lines[0].startswith("- ") or (items and lines[0].startswith("  "))):
            line = lines.pop(0)
            if line.startswith("- "):
                items.append(line[2:])
            else:
                items[-1] += " " + line.strip()
        if items:
            yield "list", items
        text = "\n".join(lines)
        button = LINK.fullmatch(text.strip())
        if button and not button[1]:
            yield "button", button
        elif text.startswith(">"):
            yield "quote", re.sub(r"^> ?", "", text, flags=re.M)
        elif text:
            yield "text", text


def cell(kind, value, layout, colour, font):
    """The HTML of a paragraph."""
    nested = layout == "nested"
    if kind == "heading":
        size = f'<span style="font-size:22px;color:{colour}"><b>{inline(value)}</b></span>'
        return size if nested else f"<h2>{inline(value)}</h2>"
    if kind == "list":
        if layout in ("plain", "div"):
            return "<ul>" + "".join(f"<li>{inline(item)}</li>" for item in value) + "</ul>"
        rows = (f"<tr><td>&bull;</td><td>{inline(item)}</td></tr>" for item in value)
        return "<table>" + "".join(rows) + "</table>"
    if kind == "button":
        text, target = html.escape(value[2]), value[3]
        if layout == "plain":
            return f'<p><a href="{target}">{text}</a></p>'
        if nested:
            return (f'<table cellspacing="0" cellpadding="0"><tr><td bgcolor="{colour}" style="'
                    f'border-radius:4px;padding:12px 24px"><a href="{target}" style="color:#ffffff;'
                    f'text-decoration:none">{text}</a></td></tr></table>')
        return (f'<p><a href="{target}" style="display:inline-block;background:{colour};color:#fff;'
                f'padding:12px 22px">{text}</a></p>')
    if kind == "quote":
        return f"<blockquote>{inline(value)}</blockquote>"
    style = f'<div style="font:15px/22px {font};color:#333">{inline(value)}</div>'
    return style if nested else f"<p>{inline(value)}</p>"


def frame(layout, cells, small, logo, font):
    """The paragraphs in a layout."""
    if layout == "plain":
        return "\n".join(cells) + (f"<hr>{small}" if small else "")
    if layout == "div":
        inner = "\n".join(cells)
        return f'<div style="max-width:600px;margin:auto;font-family:{font}">{inner}{small}</div>'
    if layout == "table":
        rows = "".join(f"<tr><td>{cell}</td></tr>\n" for cell in [logo, *cells, small])
        return f'<table width="600" align="center" cellpadding="10">{rows}</table>'
    if layout == "nested":
        rows = "".join(
            f'<tr><td style="padding:0 20px"><table width="100%" border="0" cellspacing="0" '
            f'cellpadding="0"><tr><td>{cell}</td></tr></table></td></tr>\n'
            for cell in [logo, *cells, small])
        return (f'<table width="100%" bgcolor="#f4f4f4"><tr><td align="center">'
                f'<table width="640" bgcolor="#ffffff" border="0">{rows}</table></td></tr></table>')
    cards = "".join(
        f'<div class="card" style="border:1px solid #ddd;padding:16px">{cell}</div>\n'
        for cell in cells)
    return f'<center><table width="620"><tr><td>{logo}</td></tr></table>{cards}{small}</center>'


def page(fields, body, site, draw):
    """The HTML part."""
    main, _, footer = body.partition("\n---\n")
    colour, font = draw.of(*COLOURS), draw.of(*FONTS)
    layout = draw.of("plain", "div", "table", "nested", "nested", "cards")
    cells = [cell(kind, value, layout, colour, font) for kind, value in blocks(main)]
    small = f'<p style="font-size:11px;color:#888">{inline(footer.strip())}</p>' if footer else ""
    hidden = ""
    if "Preheader" in fields:
        filler = draw.of("", "&nbsp;&zwnj;" * 40, "&#847; &#8199; &#173; " * 30)
        hidden = (f'<div style="display:none;max-height:0;overflow:hidden">'
                  f'{html.escape(fields["Preheader"])}{filler}</div>')
    host = draw.of("img", "cdn", "static", "www")
    logo = f'<img src="https://{host}.{site}/{draw.below(10**6)}.png" width="160" alt="">'
    pixel = draw.of("", f'<img src="https://{site}/o/{draw.below(10**12):x}" width="1" height="1">')
    style = draw.of(
        "", f"<style>body{{margin:0;font-family:{font}}}@media (max-width:600px)"
        "{.card{width:100%}}</style>", f"<style>a{{color:{colour}}}td{{vertical-align:top}}</style>")
    head = draw.of("", "<meta charset=utf-8>") + style
    inner = frame(layout, cells, small, logo, font)
    return f"<html><head>{head}</head><body>{hidden}{inner}{pixel}</body></html>\n"


def wrapped(text):
    return "\n".join(
        textwrap.fill(line, 76, break_long_words=False, break_on_hyphens=False)
        for line in text.split("\n"))


def year(body, draw):
    """The year in which a message was sent: the last that its text names, or one that is drawn."""
    drawn = 2019 + draw.below(8)
    named = [int(word) for word in re.findall(r"(?<!\w)20[0-9]{2}(?!\w)", body)]
    return max((word for word in named if 2010 <= word <= 2026), default=drawn)


def header(fields, body, draw):
    """The fields of a message that all have, and the host that its sender writes from."""
    name, address = re.fullmatch(r"(.*?)\s*<?([^<>\s]*@[^<>\s]*)>?", fields["From"]).groups()
    site = address.split("@")[1]
    mail = EmailMessage(policy=MAIL_POLICY)
    name = name.strip('"').replace('"', "'")
    mail["From"] = f'"{name}" <{address}>' if name else address
    recipient = f"{draw.of(*RECIPIENTS)}@{draw.of(*HOSTS)}"
    mail["To"] = "undisclosed-recipients:;" if "To" in fields else recipient
    if fields["Subject"]:
        mail["Subject"] = fields["Subject"]
    mail["Date"] = (f"{1 + draw.below(28)} {draw.of('Jan', 'Mar', 'Jun', 'Sep', 'Nov')} "
                    f"{year(body, draw)} {draw.below(24):02}:{draw.below(60):02}:00 +0000")
    mail["Message-ID"] = f"<{draw.below(16**20):x}@{site}>"
    return mail, site


def note(fields, body, site, draw):
    """The HTML part of what a person writes."""
    tag = draw.of("div", "div", "p")
    lines = "".join(f"<{tag}>{inline(block)}</{tag}>\n" + ("<div><br></div>\n" if tag == "div" else "")
                    for block in re.split(r"\n\s*\n", body) if block)
    head = draw.of("", '<meta http-equiv="content-type" content="text/html; charset=utf-8">')
    return f'<html><head>{head}</head><body dir="{draw.of("auto", "ltr")}">{lines}</body></html>\n'


def fill(mail, forms, fields, body, site, draw, page=page):
    """Gives a message its text in one of some forms."""
    form = draw.of(*forms.split())
    text = plain(body, 1 if form == "plain" else draw.of(0, 1, 1, 2))
    if form == "plain" or draw.chance(50):
        text = wrapped(text)
    encoding = draw.of("quoted-printable", "base64")
    if form == "html":
        mail.set_content(page(fields, body, site, draw), subtype="html", cte=encoding)
    else:
        short = max(map(len, text.split("\n"))) < 900
        mail.set_content(text + "\n", cte=draw.of("8bit" if short else "base64", "quoted-printable"))
    if form == "alternative":
        mail.add_alternative(page(fields, body, site, draw), subtype="html", cte=encoding)
        mail.set_boundary(f"=_{draw.below(16**18):x}")


def is_bulk(fields, body):
    return "Preheader" in fields or any(mark in body for mark in ("\n---\n", "\n# ", "]("))


def report(fields, body):
    """A delivery report or a receipt (RFC 6522, 3464, 8098): its text, the facts of the delivery,
    and the header of the message that it is about."""
    draw = Draw(f"{fields['Subject']}\n{body}")
    body, _, returned = body.partition("\n--- returned ---\n")
    body, _, status = body.partition("\n--- status ---\n")
    mail, site = header(fields, body, draw)
    kind = "disposition-notification" if "receipt" in fields["Kind"] else "delivery-status"
    if draw.chance(60):
        mail["Auto-Submitted"] = draw.of("auto-replied", "auto-generated")
    text = EmailMessage(policy=MAIL_POLICY)
    forms = "alternative html plain" if is_bulk(fields, body) else "plain plain plain alternative"
    fill(text, forms, fields, body, site, draw)
    mail.make_mixed(boundary=f"{draw.below(10**12):x}/{draw.below(10**6)}.{site}")
    mail.set_type("multipart/report")
    mail.set_param("report-type", kind)
    mail.attach(text)
    if status:
        part = EmailMessage(policy=MAIL_POLICY)
        part["Content-Type"] = f"message/{kind}"
        groups = [message_from_string(group) for group in re.split(r"\n\s*\n", status.strip())]
        part.set_payload(groups if kind == "delivery-status" else groups[:1])
        mail.attach(part)
    if returned:
        part = EmailMessage(policy=MAIL_POLICY)
        part.set_content(returned.strip() + "\n", subtype="rfc822-headers", cte="8bit")
        mail.attach(part)
    return mail.as_bytes()


def attach(mail, fields, draw):
    """Adds the files of a message, which hold nothing."""
    for kind in fields.get("Attach", "").split():
        media, name, start = FILES[kind]
        filler = b"".join(draw.below(2**96).to_bytes(12, "big") for _ in range(40))
        mail.add_attachment(start + filler, *media.split("/"), filename=name.format(draw.below(9999)))
    if "Attach" in fields:
        mail.set_boundary(f"{draw.below(16**24):x}")


def private(fields, body):
    """The message of somebody with an address at a free-mail provider."""
    draw = Draw(f"{fields['Subject']}\n{body}")
    mail, site = header(fields, body, draw)
    del mail["Message-ID"]
    host = {"gmail.com": "mail.gmail.com", "icloud.com": "icloud.com"}.get(site, site)
    mail["Message-ID"] = f"<{draw.of('CA+', '', '')}{draw.below(16**20):X}@{host}>"
    if "iphone" in body.lower():
        mail["X-Mailer"] = f"iPhone Mail ({draw.of('18H17', '20H115', '21F90', '22B83')})"
    text = "" if body.strip() == "." else body
    fill(mail, "plain plain alternative alternative html", fields, text, site, draw, note)
    attach(mail, fields, draw)
    return mail.as_bytes()


def message(fields, body):
    """The message as a mail server receives it."""
    if fields.get("Form") == "report":
        return report(fields, body)
    if FREE_MAIL.fullmatch(fields["From"].rpartition("@")[2].rstrip(">")):
        return private(fields, body)
    draw = Draw(f"{fields['Subject']}\n{body}")
    mail, site = header(fields, body, draw)
    bulk = is_bulk(fields, body)
    if bulk and draw.chance(40):
        mail["List-Unsubscribe"] = f"<https://{site}/u/{draw.below(16**12):x}>"
    if draw.chance(50):
        mail["X-Mailer"] = draw.of(*MAILERS)
    if draw.chance(10):
        mail["Reply-To"] = f"reply@{site}"
    forms = "alternative alternative html html plain" if bulk else "plain plain alternative html"
    fill(mail, forms, fields, "" if body.strip() == "." else body, site, draw)
    attach(mail, fields, draw)
    return mail.as_bytes()


def write(source, folder, name):
    """Writes a data set and its split file."""
    rows = []
    for path in sorted(source.glob("*.txt")):
        for number, (fields, body) in enumerate(messages(path), 1):
            label = fields["Label"]
            if label not in ("ham", "spam") or not body:
                sys.exit(f"{path}: message {number} has no label or no text")
            member = f"{name}/{label}/{path.stem}-{number:02}.eml"
            target = folder / member
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(message(fields, body))
            rows.append(f"{member}\t{label}\ttrain\n")
    (folder / f"{name}.split.tsv").write_text("".join(rows))


def main():
    for source in sorted((Path(__file__).parent / "written").iterdir()):
        if source.is_dir():
            write(source, Path(sys.argv[1]), f"written-{source.name}")


main()
