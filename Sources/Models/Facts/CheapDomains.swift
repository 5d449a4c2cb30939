/// Top-level domains under which a name costs next to nothing, so that senders of spam use one for
/// each mailing.
///
/// A list made by hand. Facts that models have learnt depend on it, so a change needs a new model.
enum CheapDomains {
    static let all = Set(
        """
        accountant autos bar beauty best bid boats bond buzz cam cf cfd click club cricket cyou
        date download faith fun ga gdn gq hair homes host icu lat life link live loan lol makeup
        ml mom monster motorcycles online pics pw quest racing rest review sbs shop site skin space
        store stream surf tk today top trade uno vip webcam website win work world xyz yachts
        """.split { $0 == " " || $0.isNewline }.map(String.init))

    /// Those of them that shops, clubs, tools and people have for sites which others link to.
    private static let common = Set(
        """
        club date life link live online review shop site space store today website work world xyz
        """.split { $0 == " " || $0.isNewline }.map(String.init))

    /// Whether a site that somebody else links to is under one that few but senders of spam use.
    static func containLinked(_ domain: String) -> Bool {
        contain(domain)
            && domain.split(separator: ".").last.map { common.contains(String($0)) } == false
    }

    /// Whether the last label of a domain in lower case is one of them.
    static func contain(_ domain: String) -> Bool {
        let labels = domain.split(separator: ".")
        return labels.count > 1 && labels.last.map { all.contains(String($0)) } == true
    }
}
