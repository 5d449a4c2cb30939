/// What the standard says about each element.
extension HTMLElement {
    /// True when the content is text without markup (WHATWG HTML section 13.1.2).
    var hasRawContent: Bool {
        switch self {
        case .style, .script, .title, .textarea, .xmp, .iframe, .noembed, .noframes: return true
        default: return false
        }
    }

    /// True for elements that have no end tag.
    var isVoid: Bool {
        switch self {
        case .br, .hr, .img, .input, .area, .embed, .meta, .link, .base, .wbr, .col, .param,
            .source, .track, .basefont, .bgsound, .frame, .keygen:
            return true
        default: return false
        }
    }

    /// True when the element begins and ends a line.
    var isBlock: Bool {
        rawValue >= HTMLElement.p.rawValue && rawValue <= HTMLElement.marquee.rawValue
    }

    /// True for table cells, which are side by side with little or no space between.
    var isCell: Bool { self == .td || self == .th }

    /// True for elements whose content is never shown.
    var isInvisible: Bool {
        switch self {
        case .head, .template, .frameset, .noframes, .noembed, .audio, .video, .datalist:
            return true
        default: return false
        }
    }

    /// True for formatting elements, whose end tags also close them across blocks (WHATWG HTML
    /// section 13.2.4.2).
    var isFormatting: Bool {
        switch self {
        case .a, .b, .strong, .font, .i, .u, .em, .small, .big, .code, .s, .strike, .tt, .nobr:
            return true
        default: return false
        }
    }

    /// True for `h1` to `h6`.
    var isHeading: Bool {
        rawValue >= HTMLElement.h1.rawValue && rawValue <= HTMLElement.h6.rawValue
    }

    /// True for elements that may have a background by attribute.
    var hasBackgroundAttribute: Bool {
        switch self {
        case .body, .table, .tbody, .thead, .tfoot, .tr, .td, .th, .marquee: return true
        default: return false
        }
    }

    /// True for the parts of a table into which no text can go (WHATWG HTML section 13.2.6.1).
    var isTablePart: Bool {
        switch self {
        case .table, .tbody, .tfoot, .thead, .tr: return true
        default: return false
        }
    }

    /// True for `tbody`, `thead` and `tfoot`.
    var isTableSection: Bool { self == .tbody || self == .thead || self == .tfoot }

    /// True for elements whose end tags are implied by the end of what is around them (WHATWG HTML
    /// section 13.2.6.3).
    var hasImpliedEnd: Bool {
        switch self {
        case .dd, .dt, .li, .optgroup, .option, .p, .rb, .rp, .rt, .rtc: return true
        default: return false
        }
    }

    /// True for elements that end the search for the partner of an end tag (WHATWG HTML section
    /// 13.2.4.2, the category "special").
    var isSpecial: Bool {
        switch self {
        case .address, .applet, .area, .article, .aside, .base, .basefont, .bgsound, .blockquote,
            .body, .br, .button, .caption, .center, .col, .colgroup, .dd, .details, .dir, .div,
            .dl, .dt, .embed, .fieldset, .figcaption, .figure, .footer, .form, .frame, .frameset,
            .h1, .h2, .h3, .h4, .h5, .h6, .head, .header, .hgroup, .hr, .html, .iframe, .img,
            .input, .keygen, .li, .link, .listing, .main, .marquee, .menu, .meta, .nav, .noembed,
            .noframes, .noscript, .object, .ol, .p, .param, .plaintext, .pre, .script, .search,
            .section, .select, .source, .style, .summary, .table, .tbody, .td, .template,
            .textarea, .tfoot, .th, .thead, .title, .tr, .track, .ul, .wbr, .xmp:
            return true
        default: return false
        }
    }

    /// True for the elements that end every scope but those of tables and selects (WHATWG HTML
    /// section 13.2.4.2).
    var endsScope: Bool {
        switch self {
        case .applet, .caption, .html, .table, .td, .th, .marquee, .object, .template: return true
        default: return false
        }
    }

    /// True for blocks that end an open paragraph and are ended by their end tag, whatever is open
    /// in them (WHATWG HTML section 13.2.6.4.7).
    var isPlainBlock: Bool {
        switch self {
        case .address, .article, .aside, .blockquote, .center, .details, .dialog, .dir, .div, .dl,
            .fieldset, .figcaption, .figure, .footer, .header, .hgroup, .main, .menu, .nav, .ol,
            .search, .section, .summary, .ul:
            return true
        default: return false
        }
    }

    /// True for the elements of HTML that end a drawing or formula they are in (WHATWG HTML section
    /// 13.2.6.5).
    var endsForeignContent: Bool {
        switch self {
        case .b, .big, .blockquote, .body, .br, .center, .code, .dd, .div, .dl, .dt, .em, .embed,
            .h1, .h2, .h3, .h4, .h5, .h6, .head, .hr, .i, .img, .li, .listing, .menu, .meta, .nobr,
            .ol, .p, .pre, .ruby, .s, .small, .span, .strong, .strike, .sub, .sup, .table, .tt, .u,
            .ul, .var:
            return true
        default: return false
        }
    }

    /// True for elements of SVG whose content is not drawn where it stands.
    var isUndrawn: Bool {
        switch self {
        case .desc, .title, .defs, .symbol, .pattern, .mask, .marker, .clippath: return true
        default: return false
        }
    }
}
