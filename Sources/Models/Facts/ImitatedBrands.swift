/// Names that phishing borrows: those of services at which many people have accounts.
///
/// Lists made by hand, in lower case and without accents: the name; a `~` if it is also an ordinary
/// word, a person's name, or in the names of clubs and branches; and behind a colon the names of
/// domains that are the brand's, too. A model has learnt what the fact weighs, so a larger change
/// needs a new one.
enum ImitatedBrands {
    /// A brand.
    struct Brand {
        /// Whether its name counts only without words that few senders have.
        var isAlsoWord: Bool
        /// Whether its name has a letter that stands alone, as in `c6 bank` and `e boks`.
        var hasLetterApart: Bool
        /// Names registered by it that don't contain its own.
        var domains: [[UInt8]]
    }

    /// The brands by the letters, digits and `&` of their names.
    static let all = brands(
        in: [accounts, telephone, parcels, banks, shops, authorities] + regional
    ) { [Array($0.utf8)] }

    /// The brands of lists, by each spelling of their names.
    static func brands(
        in lists: [String], _ spellings: (String) -> [[UInt8]]
    ) -> [[UInt8]: Brand] {
        var brands: [[UInt8]: Brand] = [:]
        for entry in lists.joined(separator: ",").split(whereSeparator: { ",\n".contains($0) }) {
            let fields = entry.split(separator: ":")
            let words = (fields.first ?? "").split(separator: " ")
            let name = words.joined()
            let domains = fields.dropFirst().flatMap { $0.split(separator: " ") }
            let brand = Brand(
                isAlsoWord: name.hasSuffix("~"), hasLetterApart: words.contains { $0.count == 1 },
                domains: domains.map { Array($0.utf8) })
            for letters in spellings(name.filter { $0 != "~" }) where !letters.isEmpty {
                brands[letters] = brand
            }
        }
        return brands
    }

    /// Accounts at services of the net.
    private static let accounts = """
        1&1: 1and1 1und1 ionos unitedinternet, 1und1: 1and1 ionos unitedinternet,
        adobe: echosign marketo typekit workfront, adobe sign: adobe echosign, alibaba~,
        aliexpress: alibaba, allegro~,
        amazon: a2z audible aws kindle primevideo synchronybank zinia, amazon pay: amazon,
        amazon prime: amazon primevideo, amazon web services: amazon amazonaws aws,
        app store: apple icloud, apple id: apple icloud, apple pay: apple icloud,
        apple~: icloud itunes me, avast: gendigital, bitdefender, chatgpt: openai, citrix,
        cloudflare, craigslist, dhl: deutschepost paket postident thestormers, discord~,
        disney: hotstar, disney plus: disney, docusign, dropbox: hellosign, ebay, epic games,
        etsy, facebook~: fb meta metamail, geek squad: bestbuy, gmail: google googlemail,
        godaddy: secureserver, google ads: google, google drive: google, google play: google,
        google~: android chromium gmail youtube, gumtree, hbo max: hbo, hetzner~, hostinger,
        hotmail: live microsoft outlook, hulu tv: hulu, icloud: apple me,
        instagram~: facebookmail fb meta metamail, ionos: 1and1 1und1 unitedinternet,
        itunes: apple icloud, kaspersky, ebay kleinanzeigen: kleinanzeigen, lastpass, leboncoin,
        lifelock: gendigital norton, linkedin~, marktplaats, mcafee~: trellix,
        mercado libre: mercadolivre mercadopago, mercado livre: mercadolibre mercadopago,
        mercado pago: mercadolibre mercadolivre,
        meta business: facebook facebookmail meta metamail,
        meta support: facebook facebookmail meta metamail, microsoft office: microsoft office,
        microsoft teams: microsoft,
        microsoft~: azure hotmail linkedin live msn office outlook sharepoint skype windows xbox,
        namecheap, netflix, nintendo~,
        norton antivirus: gendigital norton nortonlifelock symantec, nortonlifelock: norton,
        norton~: gendigital symantec, office 365~: microsoft office, olx,
        onedrive: live microsoft sharepoint, openai, opensea,
        outlook~: hotmail live microsoft msn, ovh, ovhcloud: ovh, paramount plus: paramount,
        paypal: joinhoney synchronybank zettle, peacock tv: nbcuni, pinterest~,
        playstation~: sony sonyentertainmentnetwork, prime video: amazon, reddit~, roblox~,
        samsung~, shein~, skype: microsoft, slack~, snapchat~: snap, spotify, squarespace,
        steam guard: valvesoftware, steam support: valvesoftware steampowered, strato,
        telegram~: saltwire, temu~, ticketmaster, tiktok: bytedance, trustpilot, twitch~,
        twitter~: x, vinted, wallapop, webex: cisco, wetransfer, whatsapp: facebook meta,
        xbox~: microsoft, youtube tv: google youtube, youtube~: google
        """
    /// Telephone and access to the net.
    private static let telephone = """
        aol: yahoo, at&t: att attmail attpac, bell canada: bell, bluewin: swisscom,
        bouygues telecom, bt group: bt btinternet, claro~, comcast: xfinity, congstar: telekom,
        cox communications: cox, deutsche telekom: telekom tonline, docomo, du telecom: du,
        ee limited: ee, eir~, fastweb, free mobile: free, freenet~: mobilcom,
        gmx: 1und1 unitedinternet, iliad, kpn, magenta telekom: magenta, mint mobile: tmobile,
        movistar: telefonica, o2~: telefonica theo2 virginmediao2, optus, orange bank,
        orange mobile: orange, proton mail: proton, proximus: skynet, rogers bank,
        rogers communications: rogers, sfr, softbank, spectrum internet: charter,
        sprint~: tmobile, sunrise communications: sunrise, swisscom: bluewin, t mobile: telekom,
        t online: telekom, talktalk, telefonica: movistar o2, telekom: mts tm tonline, telenet,
        telstra, three mobile: three, tim brasil: tim, verizon, virgin media, minha vivo: vivo,
        vivo fibra: vivo, vodafone: kabeldeutschland unitymedia, web de~: 1und1 unitedinternet,
        wind tre, xfinity: comcast, yahoo: ymail, yahoo mail: ymail, ziggo
        """
    /// Post and parcels.
    private static let parcels = """
        an post: irishbookawards, aramex, auspost: australiapost, australia post: auspost,
        blue dart, bpost, brt corriere: brt, canada post: postescanada, ceska posta: cpost,
        chronopost: laposte pickup, colissimo: laposte, correios, correos~, ctt expresso: ctt,
        deutsche post: dhl dpdhl epost paket postadress postdirekt postident,
        dhl express: deutschepost dhl, dhl paket: deutschepost dhl paket postident,
        die post~: post, dpd: geopost mydpd, evri: myhermes, evri parcel: evri myhermes, fedex,
        gls paket: gls, gls~, hermes paket: hermesworld myhermes, hermes~, hongkong post,
        india post, inpost: paczkomaty, israel post, japan post: jppost, la poste: poste,
        la poste suisse: post, magyar posta: posta, matkahuolto, mondial relay: inpost,
        new zealand post: nzpost, nz post, omniva, osterreichische post: post,
        packeta: zasilkovna, parcelforce, poczta polska: poczta, poste italiane: poste,
        posten norge: posten, posti~, postnl, postnord, purolator, royal mail,
        sagawa express: sagawa sagawaexp, sda express: poste sda, seur, singpost,
        speedpost: hongkongpost indiapost singpost, swiss post: post, thailand post,
        united parcel service: ups, united states postal service: usps, ups~: theupsstore,
        us postal service: usps, usps, yamato transport: kuronekoyamato, yodel~
        """
    /// Banks, cards and payment.
    private static let banks = """
        1822direkt, abanca, abn amro, absa~, advanzia, aeon card: aeon, aib~, akbank,
        ally bank: ally, american express: aexp amex amexgbt amexgiftcard,
        amex: aexp americanexpress amexgbt, anz bank: anz, apobank, argenta, axis bank: bank,
        banamex, banca mediolanum: mediolanum, banca sella: sella, banco bpm,
        banco de chile: bancochile, banco do brasil: bb, banco estado, banco galicia: galicia,
        banco inter: inter, banco sabadell: bancsabadell sabadell,
        banco santander: gruposantander santander, bancolombia, bancomer: bbva,
        bank austria~: unicredit unicreditgroup, bank of america: baml bofa chicagomarathon,
        bank of ireland: boi, bankia: caixabank, bankid, bankinter, banorte, banque populaire~,
        barclaycard: barclays, barclays: barclaycard, barclays bank: barclaycard barclays,
        bawag, bbva, bcp~: notificacionesbcp viabcp, bdo unibank: bdo, belfius, binance,
        bitpanda, bitvavo, blockchain wallet: blockchain, blockchain~, bmo~,
        bnp paribas: cardif, boursobank: boursorama, boursorama: boursobank, bper banca: bper,
        bradesco, bunq, bybit, c6 bank, caisse d epargne~: caisseepargne,
        caixa economica: caixa, caixa economica federal: caixa, caixabank: caixa lacaixa,
        capital one: monumentalsports, cash app: block cash square squareup,
        ceska sporitelna: csas, ceskoslovenska obchodni banka: csob, cetelem: bnpparibas,
        charles schwab: schwab, chase bank: chase jpmchase jpmorgan, cibc~, cic banque: cic,
        citibanamex: banamex, citibank: citi, citizens bank~, citi~, coinbase,
        comdirect: commerzbank, commbank: cba, commerzbank, commonwealth bank: cba commbank,
        consorsbank: bnpparibas, credit agricole~, credit mutuel~: arkea cmb cmso,
        credit suisse: ubs, crypto com: crypto, crypto wallet~, danske bank, davivienda,
        dbs bank: dbs, degussa bank, deutsche bank: db, deutsche kreditbank: dkb,
        discover card: discover, dkb, dnb~, eki net: jreast, equifax,
        erste bank: erstegroup sparkasse, ethikbank, etoro, etrade: morganstanley,
        e trade: etrade morganstanley, exodus wallet: exodus, experian,
        fidelity investments: fidelity fmr, fifth third bank: 53, fnb~, garanti bbva: garanti,
        gemini~: google, gls bank: gls, halifax~, handelsbanken, haspa: sparkasse,
        hdfc bank: bank hdfc, hsbc, huntington bank: huntington, hypovereinsbank: hvb unicredit,
        icici bank: bank icici, ing bank: ing, ing diba: ing, ing direct: ing, ing~, interac,
        interactive brokers: ibkr, interbank~, intesa sanpaolo, intuit: creditkarma mailchimp,
        itau, jcb card: jcb, jcb~, jpmorgan: chase jpmchase, jpmorgan chase: chase jpmorgan,
        kbc~, keybank: key, klarna, knab~, komercni banka: kb, kotak mahindra: bank kotak,
        kraken~, kucoin, kutxabank, la banque postale: laposte, lcl~, ledger~, lhv~,
        lloyds bank, luminor, mastercard, maybank~, mbank, mediolanum, mercari,
        merrill lynch: bankofamerica merrill ml, metamask: consensys, metro bank,
        mitid: digst nets, moneygram, monzo~, morgan stanley: ms shareworks, mufg, n26,
        nab bank: nab, nationwide building society: nationwide, natwest, navy federal, nedbank,
        nets eid: nets, nexi: concardis, nordea, norisbank, norwegian bank: banknorwegian,
        nubank, ocbc, okx, openbank, pagbank: pagseguro, paypay, paytm: insider,
        permanent tsb: ptsb, phantom wallet: phantom, picpay, pko bp: ipko, pnc bank: pnc,
        postbank: deutschebank, postbank banking: deutschebank, postepay: poste, postfinance,
        qonto, quickbooks: intuit, rabobank, raiffeisenbanken~: volksbank vr,
        raiffeisenbank~: raiffeisen rb rbinternational vr, raiffeisen~: rb rbinternational,
        rakuten: kobo viber viki, rbc royal bank: rbc, regions bank: regions, revolut,
        robinhood~, royal bank of canada: rbc, s broker~, saison card, santander~: universia,
        santander consumer: santander, sbanken, sberbank: sber, scotiabank~, seb bank: seb,
        skandinaviska enskilda: seb, serasa: experian, shopify~, sicoob~, sicredi, smbc~,
        societe generale: sg sgcib socgen, solarisbank: solaris, sparda bank: sparda,
        sparkassen~: sparkasse,
        sparkasse~: haspa kskbb kskkoeln lzo mbs naspa nospa ospa sfinanzportal sskm,
        s sparkasse: haspa kskbb kskkoeln lzo mbs naspa nospa ospa sfinanzportal sparkasse sskm,
        square~, standard bank, starling bank, state bank of india: bank sbi, stripe~,
        sumitomo mitsui: smbc smbccard smcon smdam smtb smtg, swedbank, targobank, td bank: td,
        tinkoff: tbank, transunion: cibil, trezor, truist, trust wallet, tsb bank: tsb,
        turbotax: intuit, twint, ubs~, unicaja, unicredit: bankaustria, uniswap, uob bank: uob,
        us bank, usaa, vanguard group: vanguard, venmo: paypal, virgin money: londonmarathon,
        visa card~: visa, visa karte~: visa, visa secure: visa, viseca: onedigitalservice,
        volksbanken raiffeisenbanken: volksbank vr, volksbanken~: volksbank vr,
        volksbank~: vbmittelhessen vr vrbank, vr bank~: vr, wells fargo, western union,
        westpac~, wise~: thewisegroup transferwise, zelle~, ziraat bankasi: ziraatbank, zkb
        """
    /// Shops, makers and travel.
    private static let shops = """
        ace hardware~, adac: solarisgroup, adidas~, agoda, air france: flyingblue, airbnb,
        aldi~, amazon fresh: amazon, american airlines: aa aacreditunion aavacations, aral~,
        argos~, asda, auchan, bath body works: bathandbodyworks, bauhaus~,
        bed bath beyond: bedbathandbeyond, best buy, bol com: bol, booking com: booking, boots~,
        bosch~: bshg bshgroup, british airways: ba, bunnings, carrefour~, cdiscount,
        chick fil a, coolblue, coop bank: coop cooperativebank, costco,
        costco wholesale: costco, cracker barrel, currys, cvs pharmacy: cvs cvshealth, cvs~,
        darty: fnac, db bahn: bahn deutschebahn, decathlon, delta air lines: delta,
        deutsche bahn: bahn, dewalt~, dicks sporting goods: dcsg dickssporting, dm drogerie: dm,
        dm drogerie markt: dm, dunkin, dyson~, easyjet, edeka~, emirates~: ehs, eurowings,
        expedia, flixbus: flix, fnac, harbor freight, harbor freight tools: harborfreight,
        hello fresh, hilton~, home depot, hotels com: expedia hotels, ikea, jb hi fi, jetblue,
        john lewis finance: johnlewis, john lewis money: johnlewis,
        john lewis partners: johnlewis, jysk~, kaufland: lidl schwarz, kitchenaid: whirlpool,
        klm~, kmart, kohls~, kroger~: kroeger, le creuset, e leclerc~: leclerc,
        leclerc drive: leclerc, lego~, lidl~: schwarz, lidl plus: lidl, louis vuitton: vuitton,
        lowes~, lufthansa~: dlh milesandmore worldshop, lululemon, macys, makita~,
        marks and spencer: mands, marriott~, mcdonalds: mcd, mediamarkt: mediasaturn,
        migros: mgb, milwaukee tools: milwaukeetool, nespresso,
        netto marken discount: netto nettoonline, nike~, ninja kitchen: sharkninja,
        north face: vfc, obi baumarkt: obi, obi markt: obi, olive garden: darden, omaha steaks,
        oral b: pg, pandora~, patagonia~, penny markt: penny, philips~: meethue signify, qantas,
        ray ban, rewe~, rolex: cyca rorc, rossmann~, ryanair, sainsburys: sainsbury,
        sams club: walmart, saturn~, sephora~, shell~, sncf, southwest airlines: southwest,
        stanley tools: stanleyblackanddecker, starbucks, stihl, target~, tesco, texas roadhouse,
        toys r us, tractor supply, trainline, trip advisor, uber~, ulta beauty: ulta,
        united airlines: united, victorias secret, waitrose: johnlewis, walgreens, walmart,
        walmart plus: walmart, woolworths, yeti~, zalando
        """
    /// Authorities, insurers and energy.
    private static let authorities = """
        aarp~: thehartford, aetna: cvs cvshealth, agence nationale de traitement: antai,
        agencia tributaria~: aeat, agenzia delle entrate: agenziaentrate agenziariscossione,
        agenzia entrate: agenziariscossione, allianz~, allstate, altinn, ameli~, antai~, aok,
        assurance maladie: ameli sante, ato~, australian taxation office: ato, axa~, barmer~,
        belastingdienst, borger dk: borger, british gas: centrica,
        bundeszentralamt fur steuern: bund bzst, canada revenue agency: cra craarc,
        carte vitale: ameli assurancemaladie, centrelink: servicesaustralia, cigna~, cjib,
        crit air: certificatair, dak gesundheit: dak, debeka,
        department of motor vehicles: ca ct dc dmv ncdot nv ny vermont virginia, detran,
        deutsche rentenversicherung: drv drvbayernsued drvbsh drvbund drvbw drvhessen drvnord drvrheinland drvwestfalen,
        dgt~: europa, digid: logius, dvla: notifications service, e on~, edf energy: edf, edf~,
        elster~, endesa: enel, enel, engie, eon energie: eon, ergo~, europol: europa,
        ezpass: driveezmd maineturnpike ohioturnpike,
        e zpass: driveezmd maineturnpike ohioturnpike ezpass, farmers insurance: farmers,
        fastrak: thetollroads, finanzamt~: bayern brandenburg hessen niedersachsen nrw sachsen,
        finanzonline: bmf, fod financien: fed minfin, france travail: poleemploi, geico,
        gendarmerie nationale: gendarmerie interieur, gov uk: notifications service,
        guardia civil, hm revenue customs: hmrc notifications service,
        hmrc: notifications service tax, huk coburg: huk huk24 hukvm, humana~, iberdrola,
        impots gouv: dgfip finances impots, inps, internal revenue service: irs, interpol,
        irs~: leibnizirs, kaiser permanente: kp, liberty mutual,
        medicare australia: servicesaustralia, medicare~, mijnoverheid: overheid, mygov: my,
        nationwide insurance: nationwide, naturgy, nhs~: notifications service,
        octopus energy: octopus, policia nacional: policia,
        polizei~: bayern brandenburg hessen niedersachsen nrw sachsen,
        progressive insurance: progressive, receita federal: economia fazenda rfb, rwe~,
        scottish power, seguridad social~: segsocial, service canada: canada hrsdcrhdcc,
        service public~, services australia, skatteetaten, skatteverket,
        social security administration: ssa, state farm~, sunpass, techniker krankenkasse: tk,
        the toll roads, tv licensing,
        unitedhealthcare: myuhc optum uhc unitedhealth unitedhealthgroup, us customs: cbp dhs,
        usaa insurance: usaa, uscis: dhs, vattenfall,
        volkswagen financial services: vw vwcredit vwfs, zollamt~: bund zoll
        """

    /// Names in the domains of services that write for brands under the brands' names: reviews,
    /// surveys, parcels on their way, jobs and shareholders.
    static let onBehalf = Set(
        """
        ashbyhq avature bazaarvoice bazaarvoicecgc brassring broadridge computershare cvent
        cventplanner eventbrite gotowebinar govdelivery greenhouse greenhousemail hackerrank
        icims jobvite lever medallia myworkday narvar powerreviews proxyvote qemailserver
        qualtrics qualtricsresearch qualtricssurvey smartrecruiters stripe successfactors
        surveymonkey taleo teamtailormail trustpilot trustpilotmail webex workable workablemail
        workday zoom
        """.split { $0 == " " || $0.isNewline }.map { Array($0.utf8) })
}
