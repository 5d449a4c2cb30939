import Corpora
import Learning
import Models

extension DataSet {
    /// Share of the newest labels that weigh more, as a divisor.
    private static let newestShare = 4

    /// The mail that a site's model learns from.
    ///
    /// Labels are sets of their own, which the weights by source lift above their number and
    /// balance by class. The newest quarter is another set, so that each of its messages weighs 1.7
    /// times as much as an older one.
    ///
    /// - Parameters:
    ///   - reservoir: the base data, of which a fifth becomes the test part.
    ///   - site: the labels; those that are held out are left out.
    init(_ reservoir: Reservoir, _ site: SiteMail) {
        var items = reservoir.messages.enumerated().compactMap { index, message -> Item? in
            guard Label(rawValue: message.label) != nil else { return nil }
            return Item(
                set: message.set, path: "\(index)", label: message.label,
                part: FrozenPart.part(of: message.tokens), date: message.date,
                tokens: message.tokens)
        }
        let baseCount = items.count
        let known = site.messages.filter { $0.part != .test }
        let newest = known.count - known.count / DataSet.newestShare
        for (index, message) in known.enumerated() {
            items.append(
                Item(
                    set: index < newest ? DataSet.olderLabels : DataSet.newestLabels,
                    path: message.digest, label: message.isSpam ? "spam" : "ham",
                    part: message.part, date: message.time, tokens: message.tokens))
        }
        self.init(
            items,
            sources: [
                DataSource(name: "reservoir", messages: baseCount, sha256: ""),
                DataSource(name: "labels of this site", messages: known.count, sha256: ""),
            ])
    }

    private static let olderLabels = "labels"
    private static let newestLabels = "newest labels"

    /// Whether a message is one that somebody of the site has labelled.
    static func isOfSite(_ item: Item) -> Bool {
        item.set == olderLabels || item.set == newestLabels
    }
}
