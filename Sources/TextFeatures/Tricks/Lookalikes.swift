/// Letters that look like Latin ones, and digits and signs that stand for letters.
///
/// The letters whose skeleton in Unicode Technical Standard 39 is one Latin letter (data of ICU 72),
/// in scripts that mail in Latin letters has no other use for, and some more that are met in spam.
enum Lookalikes {
    /// Pairs of a letter and what it looks like. Greek and Cyrillic in lower case, as words are
    /// when they are looked up; the others in both.
    private static let pairs = [
        // Cyrillic, with a few that only look alike at a glance.
        "аa вb сc ԁd еe ғf һh нh іi їi јj кk ӏl мm пn оo рp ԛq гr ѕs тt иu",
        "ѵv ԝw хx уy үy ӡz ёe єe ьb ъb бb яr з3 ѡw ҽe ꙇi",
        // Greek.
        "αa βb ϲc δd εe ηn ιi κk μu νv οo ρp σo τt υu χx γy ωw ζz ϒy ϱp ϳj",
        // Armenian.
        "աw ցg հh ոn օo սu ռn զq յj քp",
        // Small capitals, phonetic and struck letters.
        "ᴀa ʙb ᴄc ᴅd ᴇe ɢg ʜh ɪi ᴊj ᴋk ʟl ᴍm ɴn ᴏo ᴘp ʀr ᴛt ᴜu ᴠv ᴡw ʏy ᴢz",
        "ɑa ɡg ıi ȷj ⅼl øo łl đd ħh ŧt ƀb ǀl ƍg ƽs ɣy ɩi ɯw ʋu ᴑo ᶃg ᶌy ẝf",
        "ỿy ꜱs Ꞙf ꞙf ꞟu Ʝj Ꭓx Ꞵb ꬲe ꬵf ꬽo ꭇr ꭈr ꭎu ꭒu ꭚy",
        // Cherokee.
        "Ꭰd Ꭱr Ꭲt Ꭵi Ꭹy Ꭺa Ꭻj Ꭼe Ꮃw Ꮇm Ꮋh Ꮍy Ꮐg Ꮒh Ꮓz Ꮟb Ꮢr Ꮤw Ꮥs Ꮩv Ꮪs Ꮮl",
        "Ꮯc Ꮲp Ꮶk Ꮷd Ᏻg Ᏼb ꭵi ꮁr ꮃw ꮓz ꮩv ꮪs ꮯc",
        // Lisu.
        "ꓐb ꓑp ꓒd ꓓd ꓔt ꓖg ꓗk ꓙj ꓚc ꓜz ꓝf ꓟm ꓠn ꓡl ꓢs ꓣr ꓦv ꓧh ꓪw ꓫx ꓬy ꓮa",
        "ꓰe ꓲl ꓳo ꓴu",
        // Coptic.
        "ⲅr Ⲏh Ⲓl Ⲕk Ⲙm Ⲛn Ⲟo ⲟo Ⲣp ⲣp Ⲥc ⲥc Ⲧt Ⲩy Ⲭx Ⳑl",
        // Canadian Aboriginal.
        "ᐯv ᑌu ᑭp ᑯd ᑲb ᒍj ᒪl ᕁx ᕼh ᕽx ᖇr ᖯb ᖴf ᗅa ᗞd ᗪd ᗰm ᗷb",
        // Tifinagh.
        "ⴸv ⴹe ⵏl ⵔo ⵕq ⵝx",
        // Deseret.
        "𐐄o 𐐕c 𐐛l 𐐠s 𐐬o 𐐽c 𐑈s",
        // Osage.
        "𐒴r 𐓂o 𐓎u 𐓪o 𐓶u",
        // Warang Citi.
        "𑢠v 𑢢f 𑢣l 𑢤y 𑢦e 𑢩z 𑢮e 𑢲l 𑢵o 𑢸u 𑢼t 𑣀v 𑣁s 𑣂f 𑣃i 𑣄z 𑣈o 𑣗o 𑣘u 𑣜y",
    ]

    private static let table: [UInt32: UInt8] = {
        var table: [UInt32: UInt8] = [:]
        for pair in pairs.joined(separator: " ").split(separator: " ") {
            let scalars = Array(pair.unicodeScalars)
            table[scalars[0].value] = UInt8(truncatingIfNeeded: scalars[1].value)
        }
        return table
    }()

    /// The Latin letter a lower-case letter looks like, or nil.
    static func latin(_ value: UInt32) -> UInt8? { table[value] }

    /// Letters of living languages in Latin script: a word with them is no mixture.
    private static let everyday = Set("øłđħŧı".unicodeScalars.map(\.value))

    /// True for a letter that has no business in a word with ASCII letters.
    static func mixes(_ value: UInt32) -> Bool { table[value] != nil && !everyday.contains(value) }

    /// The word in Latin letters, when every letter that is not ASCII looks like one.
    static func mapped(_ word: ArraySlice<UInt8>) -> [UInt8]? {
        var result: [UInt8] = []
        for scalar in String(decoding: word, as: UTF8.self).unicodeScalars {
            if scalar.value < 0x80 {
                result.append(UInt8(scalar.value))
            } else if let byte = latin(scalar.value) {
                result.append(byte)
            } else {
                return nil
            }
        }
        return result
    }

    /// The letters that a digit or sign may stand for; empty for what never does.
    static func leetLetters(_ byte: UInt8) -> [UInt8] {
        switch byte {
        case UInt8(ascii: "0"): return [UInt8(ascii: "o")]
        case UInt8(ascii: "1"), UInt8(ascii: "!"), UInt8(ascii: "|"):
            return [UInt8(ascii: "i"), UInt8(ascii: "l")]
        case UInt8(ascii: "3"): return [UInt8(ascii: "e")]
        case UInt8(ascii: "4"), UInt8(ascii: "@"): return [UInt8(ascii: "a")]
        case UInt8(ascii: "5"), UInt8(ascii: "$"): return [UInt8(ascii: "s")]
        case UInt8(ascii: "7"): return [UInt8(ascii: "t")]
        case UInt8(ascii: "8"): return [UInt8(ascii: "b")]
        case UInt8(ascii: "9"): return [UInt8(ascii: "g")]
        default: return []
        }
    }
}
