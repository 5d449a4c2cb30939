/// Domains at which anybody gets a mailbox without paying, and some large Internet providers.
///
/// A list made by hand, in lower case. Facts that models have learnt depend on it, so a change
/// needs a new model.
enum FreeMailProviders {
    static let domains: Set<String> = [
        "gmail.com", "googlemail.com", "yahoo.com", "yahoo.co.uk", "yahoo.fr", "yahoo.co.jp",
        "ymail.com", "hotmail.com", "hotmail.co.uk", "hotmail.fr", "outlook.com", "outlook.fr",
        "live.com", "msn.com", "aol.com", "gmx.de", "gmx.net", "gmx.com", "web.de", "mail.ru",
        "bk.ru", "inbox.ru", "list.ru", "yandex.ru", "yandex.com", "rambler.ru", "icloud.com",
        "me.com", "mac.com", "protonmail.com", "proton.me", "mail.com", "email.com", "zoho.com",
        "qq.com", "163.com", "126.com", "sina.com", "sohu.com", "foxmail.com", "naver.com",
        "daum.net", "hanmail.net", "libero.it", "virgilio.it", "tiscali.it", "free.fr",
        "orange.fr", "wanadoo.fr", "laposte.net", "t-online.de", "freenet.de", "seznam.cz",
        "wp.pl", "o2.pl", "onet.pl", "uol.com.br", "bol.com.br", "terra.com.br", "rediffmail.com",
        "excite.com", "lycos.com", "netscape.net", "juno.com", "comcast.net", "verizon.net",
        "yahoo.de", "yahoo.es", "yahoo.it", "yahoo.ca", "yahoo.com.br", "yahoo.co.in",
        "yahoo.com.au",
        "hotmail.de", "hotmail.es", "hotmail.it", "outlook.de", "outlook.es", "outlook.com.br",
        "live.co.uk", "live.fr", "live.de", "live.nl", "gmx.at", "gmx.ch", "bluewin.ch", "sfr.fr",
        "btinternet.com", "sky.com", "virginmedia.com", "ziggo.nl", "xs4all.nl", "telenet.be",
        "skynet.be", "cox.net", "charter.net", "bellsouth.net", "shaw.ca", "rogers.com",
        "bigpond.com", "fastmail.com", "hey.com", "pm.me", "mailbox.org", "posteo.de", "tuta.com",
        "globo.com", "ig.com.br", "ukr.net", "abv.bg", "centrum.cz", "interia.pl",
        "att.net", "sbcglobal.net", "earthlink.net", "tutanota.com", "aim.com", "rocketmail.com",
        "email.cz", "post.cz", "volny.cz", "atlas.cz", "azet.sk", "zoznam.sk", "centrum.sk",
        "freemail.hu", "citromail.hu", "luukku.com", "suomi24.fi", "elisanet.fi", "kolumbus.fi",
        "saunalahti.fi", "welho.com", "pp.inet.fi", "telia.com", "spray.se", "bredband.net",
        "comhem.se", "hotmail.se", "live.se", "online.no", "live.no", "live.dk", "hotmail.fi",
        "mail.dk", "sapo.pt", "hotmail.com.br", "yahoo.com.tr", "mynet.com", "yandex.com.tr",
        "nate.com", "hetnet.nl", "kpnmail.nl", "planet.nl", "walla.co.il", "yahoo.gr",
        "outlook.com.gr", "yahoo.ro", "yahoo.pl", "op.pl", "gazeta.pl", "i.ua", "meta.ua",
    ]
}
