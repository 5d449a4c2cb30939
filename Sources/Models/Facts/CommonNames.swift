/// Words in the names, mailboxes and domains of all kinds of senders, which say nothing of one.
///
/// A list made by hand, in lower case. Facts that models have learnt depend on it, so a change
/// needs a new model.
enum CommonNames {
    static let words: Set<String> = [
        "account", "accounts", "admin", "alert", "alerts", "and", "app", "apps", "billing",
        "bounce", "bounces", "campaign", "campaigns", "care", "click", "com", "contact", "crm",
        "customer", "customers", "deal", "deals", "edm", "email", "emails", "event", "events",
        "for", "from", "get", "group", "hello", "help", "helpdesk", "home", "info", "inform",
        "invite", "join", "kontakt", "kunden", "kundenservice", "link", "links", "list", "lists",
        "mail", "mailer", "mailing", "mails", "marketing", "member", "members", "news",
        "newsletter", "newsletters", "noreply", "notice", "notification", "notifications", "notify",
        "offer", "offers", "office", "online", "portal", "post", "promo", "promos", "promotion",
        "promotions", "reply", "sales", "secure", "security", "send", "sender", "server", "service",
        "services", "shop", "smtp", "store", "support", "system", "team", "the", "update",
        "updates", "user", "via", "web", "webmail", "welcome", "www", "your",
    ]

    /// Whether a word in lower case is one of them.
    static func contain(_ word: [UInt8]) -> Bool {
        words.contains(String(decoding: word, as: UTF8.self))
    }
}
