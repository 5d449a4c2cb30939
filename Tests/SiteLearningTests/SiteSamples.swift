import MailText
import SiteLearning
import Testing
import TextFeatures

/// Messages, features and labels for the tests.
enum SiteSamples {
    static let secret: SiteSecret? = SiteSecret(Array(1...16))

    static func tokens(_ text: String) throws -> TokenStream {
        try TextPipeline(.standard).tokens(
            of: Document(subject: nil, body: Array(text.utf8), source: []))
    }

    static func sender(
        _ address: String, verified: Bool = false, list: String = ""
    ) -> SenderIdentity {
        SenderIdentity(
            fromAddress: address, listID: list,
            verification: SenderIdentity.Verification(author: verified))
    }

    static func features(
        _ text: String, from address: String = "", verified: Bool = false
    ) throws -> SiteFeatures {
        SiteFeatures(
            tokens: try tokens(text), sender: sender(address, verified: verified),
            secret: try #require(secret))
    }

    static func label(
        _ number: Int64, _ label: SiteLabel.Class, _ text: String, from address: String = "",
        logit: Float = 0, weight: Double = 1
    ) throws -> SiteLabel {
        SiteLabel(
            number: number, label: label, weight: weight, logit: logit,
            features: try features(text, from: address))
    }

    /// Labels of two kinds of mail, and anchors.
    static func labels(_ count: Int) throws -> [SiteLabel] {
        try (1...Int64(count)).map { number in
            let isSpam = number % 3 == 0
            return try label(
                number, isSpam ? .spam : .ham,
                isSpam ? "cheap watches number \(number)" : "weekly digest of issue \(number)",
                from: isSpam ? "x\(number)@spam.example" : "news@digest.example",
                logit: isSpam ? -1 : 3)
        }
    }

    static func anchors() throws -> AnchorReservoir {
        AnchorReservoir(
            try (0..<20).map { index in
                AnchorReservoir.Anchor(
                    features: try features("base mail \(index) about meeting and offer"),
                    label: index % 2 == 0 ? .ham : .spam, logit: index % 2 == 0 ? -2 : 2)
            })
    }
}
