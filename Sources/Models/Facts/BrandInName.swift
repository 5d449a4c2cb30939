import ASCIIText
import MailText
import TextFeatures

/// Whether an author's display name is that of a brand, and the address at another's domain.
///
/// `PayPal Service <info@tree-care.example>` is how most phishing introduces itself. Of wanted mail
/// next to none does: brands write from domains of their name, or from a few others of theirs.
enum BrandInName {
    /// Words of a name that are looked at.
    private static let mostWords = 12
    /// Words that one brand's name may be written in, with all letters apart.
    private static let mostWordsOfBrand = 8
    /// Bytes of a name that are looked at.
    private static let longestName = 200
    /// Fewer letters are in other names by chance: a domain of a brand begins with them.
    private static let longBrand = 5

    /// Whether a name begins with that of a brand, behind words that many senders have, and the
    /// domain is neither the brand's nor that of a service that writes for brands.
    static func isBorrowed(by author: MailAddress) -> Bool {
        let name = Array(author.displayName.utf8.prefix(longestName))
        guard !name.isEmpty, !author.domain.isEmpty else { return false }
        let brands = ASCIISpelling.spellings(of: name).compactMap { brand(in: words(of: $0)) }
        guard !brands.isEmpty else { return false }
        let labels = author.organization.utf8.split(separator: UInt8(ascii: "."))
            .map { $0.filter(ASCII.isLetterOrDigit) }
        // A top-level domain may be a part of the name, as in `web.de`, or the name.
        let letters = Array(labels.joined())
        func isLong(_ name: [UInt8]) -> Bool { name.count >= longBrand }
        let isOwn = brands.contains { name, brand in
            (isLong(name) ? letters.contains(bytes: name) : letters.starts(with: name))
                || labels.contains(name)
                || brand.domains.contains { other in
                    labels.contains { isLong(other) ? $0.contains(bytes: other) : $0 == other }
                }
        }
        return !isOwn && labels.first.map(ImitatedBrands.onBehalf.contains) != true
    }

    /// The words of a name in lower case; letters that stand apart, one behind the other, are one.
    private static func words(of name: [UInt8]) -> [[UInt8]] {
        var words: [[UInt8]] = []
        var isSpelled = false
        let all = String(decoding: name, as: UTF8.self).lowercased()
            .filter { !"'\u{2019}".contains($0) }
            .split { !$0.isLetter && !$0.isNumber && $0 != "&" }
            .filter { $0 != "&" }
        for word in all {
            if isSpelled, word.count == 1, let last = words.indices.last {
                words[last] += word.utf8
            } else {
                words.append(Array(word.utf8))
            }
            isSpelled = word.count == 1
        }
        return Array(words.prefix(mostWords))
    }

    /// The longest brand at the first place where one is.
    private static func brand(
        in shown: [[UInt8]]
    ) -> (letters: [UInt8], brand: ImitatedBrands.Brand)? {
        // With Latin letters for such as look like them.
        let words = shown.map { Lookalikes.mapped($0[...]) ?? $0 }
        // Lists and helpdesks write on behalf of others.
        guard !words.contains(Array("via".utf8)) else { return nil }
        for start in words.indices {
            var letters: [UInt8] = []
            var found: (letters: [UInt8], brand: ImitatedBrands.Brand)?
            for end in start..<min(words.count, start + mostWordsOfBrand) {
                letters += words[end]
                guard let brand = ImitatedBrands.all[letters] else { continue }
                // `A. Meli` is a person, no brand that is spelled in one word.
                if end > start, !brand.hasLetterApart, words[start...end].contains(where: isLetter)
                {
                    continue
                }
                let others = words[..<start] + words[(end + 1)...]
                if brand.isAlsoWord, !others.allSatisfy({ isCommon($0) && !isLetter($0) }) {
                    continue
                }
                found = (letters, brand)
            }
            if let found = found ?? brandInOtherScript(in: shown[start...]) { return found }
            guard isCommon(words[start]) || isCommon(shown[start]) else { return nil }
        }
        return nil
    }

    /// The longest brand in other than Latin letters that words begin with.
    private static func brandInOtherScript(
        in words: ArraySlice<[UInt8]>
    ) -> (letters: [UInt8], brand: ImitatedBrands.Brand)? {
        guard words.first?.contains(where: { $0 >= 0x80 }) == true else { return nil }
        let letters = Array(words.joined())
        return ImitatedBrands.inOtherScripts.first {
            $1.isAlsoWord ? letters == $0 : letters.starts(with: $0)
        }
        .map { (letters: $0.name, brand: $0.brand) }
    }

    /// Whether a word is an initial: one ASCII letter.
    private static func isLetter(_ word: [UInt8]) -> Bool {
        word.count == 1 && ASCII.isLetter(word[0])
    }

    /// Whether a word is in the names of many senders.
    private static func isCommon(_ word: [UInt8]) -> Bool {
        isLetter(word) || word.allSatisfy(ASCII.isDigit) || CommonNames.contain(word)
            || others.contains(String(decoding: word, as: UTF8.self))
    }

    /// Words besides ``CommonNames`` that stand beside a brand's name: departments, what is the
    /// matter, and countries.
    private static let others = Set(
        """
        abo activity ag aktiengesellschaft aktualisierung alerta assistenza atendimento
        auftrag aviso azure bank banking belohnung belohnungen benachrichtigung benefit
        benefits bestellung bonus brasil cadeau card cards carta carte center centre claim
        client cliente clientes clienti clients cloud co compte confirmation congratulations
        conta cuenta daily de dein deine delivery department dept desk deutschland digital
        direct document documents dringend es espana exchange exclusive expiration expiry
        express factura facture family fattura fatura fax file files final fr france free
        germany geschenk gesperrt gewinn gewinnspiel gift global gmbh gutschein health hilfe
        hinweis household id ihr ihre important inc information international invoice it
        italia karte konto kontoservice kreditkarte kunde kundencenter kundendienst
        kundeninfo kundeninformation kundschaft last lieferung llc login loyalty ltd
        management membership membre message mitteilung mobile national net no official
        online24 onlinebanking order orders outlook package paket parcel password payment
        payments personal plus premio premium prime privacy protect protection receipt
        rechnung regalo registration reminder renewal reward rewards sa safety scan scanner
        se securite seguranca seguridad sendung servicecenter servicio servizio
        shared shipment shipping sicherheit sicurezza sign signin signon sperrung storage
        stores su sua subscriber subscription subscriptions supermarche supermarket
        supermarkt suporte survey suspended tarjeta teams tech thank tracking tu uk unusual
        urgent us usa verification verified verifizierung verify versand voice voicemail
        votre wallet warning wichtig winner winners you zahlung zustelldienst zustellung
        お知らせ ご案内 公式 大切なお知らせ 株式会社 確認 緊急 自動配信 自動送信 通知 重要 重要なお知らせ 客服 官方 通知中心
        系统 提醒 安全中心 важно служба безопасности поддержки поддержка уведомление
        """.split { $0 == " " || $0.isNewline }.map(String.init))
}
