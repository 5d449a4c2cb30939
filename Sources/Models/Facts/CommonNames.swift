/// Words in the names, mailboxes and domains of all kinds of senders, which say nothing of one.
///
/// A list made by hand, in lower case. Facts that models have learnt depend on it, so a change
/// needs a new model.
enum CommonNames {
    static let words: Set<String> = [
        "account", "accounts", "admin", "alert", "alerts", "and", "billing", "bounce", "bounces",
        "care", "click", "com", "contact", "customer", "customers", "email", "emails", "for",
        "from", "group", "hello", "help", "helpdesk", "home", "info", "inform", "kontakt", "kunden",
        "kundenservice", "link", "links", "list", "lists", "mail", "mailer", "mailing", "mails",
        "marketing", "news", "newsletter", "newsletters", "noreply", "notice", "notification",
        "notifications", "notify", "office", "online", "portal", "post", "reply", "sales",
        "secure", "security", "send", "sender", "server", "service", "services", "shop", "smtp",
        "store", "support", "system", "team", "the", "update", "updates", "user", "via", "web",
        "webmail", "www", "your",
    ]
}
