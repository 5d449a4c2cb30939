extension ImitatedBrands {
    /// Names that are known in a country or two, see ``all``.
    static let regional = [nordic, lowCountries, lusophone, centralEurope, southEast, overseas]

    private static let nordic = """
        1177 vardguiden: 1177, aktia, alandsbanken, arbetsformedlingen, avanza~, blocket,
        budbee: instabee, centrala studiestodsnamnden: csn, e boks: eboks, finn no: finn,
        folksam, forsakringskassan: fk, fortum, ica banken: ica icabanken, ikano bank: ikano,
        instabee: budbee instabox, instabox: instabee, jyske bank: jyskebank,
        kanta palvelut: kanta, kela~: kanta, kivra, kronofogden, lansforsakringar: lansfast lf,
        mobilepay: danskebank vipps, nordnet, nykredit, omakanta: kanta, op pohjola: op,
        op ryhma: op, osuuspankki: op, posten~: bring, resurs bank: resurs, s pankki: spankki,
        saastopankki: sp, skandia~, skatteforvaltningen: skat sktst vero,
        skattestyrelsen: skat skm sktst, sparebank 1: sb1ostlandet smn snn sparebank1,
        suomi fi: dvv suomi, sydbank, tele2, telenor, telia~, traficom, transportstyrelsen,
        verohallinto: vero, vipps: mobilepay vippsmobilepay
        """
    private static let lowCountries = """
        anwb, asn bank: asn, beobank, crelan, international card services: ics icscards,
        my minfin: fed minfin, odido: tmobile, rdw~, regiobank~, sns bank: sns,
        toeslagen~: belastingdienst, triodos, uwv~
        """
    /// Portugal and Brazil.
    private static let lusophone = """
        activobank, autoridade tributaria: at gov portaldasfinancas, banco bpi: bancobpi bpi,
        banco pan: bancopan, banco safra: safra, banrisul, btg pactual: btg,
        caixa geral de depositos: cgd, casas bahia: casasbahia via, ctt correios: ctt,
        ctt portugal: ctt, credito agricola: ca creditoagricola, gov br: gov, ifood,
        inss: gov segsocial, livelo, locaweb, magalu: magazineluiza, magazine luiza: magalu,
        millenium bcp: bcp millenniumbcp, millennium bcp: activobank bcp millenniumbcp,
        nos comunicacoes: nos, novo banco, poupatempo, registro br: nic registro,
        seguranca social: gov seg segsocial, xp investimentos: xp xpi
        """
    /// Czechia, Slovakia, Poland and Hungary.
    private static let centralEurope = """
        air bank, alior bank: alior, alza~, bank millennium: bankmillennium, bank pekao: pekao,
        cez prodej: cez, csob, datova schranka: datoveschranky gov mojedatovaschranka,
        datove schranky: datoveschranky gov mojedatovaschranka, emag: emagmarketplace,
        financni sprava: financnisprava gov mfcr, fio banka: fio, ing bank slaski: ing ingbank,
        k&h bank: kh, mall cz: mall, mbh bank: mbh, moneta money bank: moneta,
        nemzeti ado es vamhivatal: nav, otp bank: otp, pekao~, pko bank polski: ipko pkobp,
        ppl cz: ppl, prima banka, slovenska posta: posta, slovenska sporitelna: slsp,
        tatra banka, vub banka: vub, zasilkovna: packeta
        """
    /// Turkey, Greece, Romania, Croatia, Slovenia and Ukraine.
    private static let southEast = """
        acs courier: acs, alpha bank: alpha, anaf, aras kargo: aras araskargo,
        banca transilvania: bancatransilvania bt btrl, bcr~, brd~, cec bank: cec, cosmote: ote,
        denizbank, e devlet kapisi: turkiye, e devlet: turkiye, elta courier: elta, enpara: qnb,
        eurobank, fan courier, garanti bankasi: garanti garantibbva,
        gelir idaresi baskanligi: gib, ghiseul ro: ghiseul, halkbank, hepsiburada,
        hrvatska posta: posta, kuveyt turk, mng kargo, monobank, national bank of greece: nbg,
        nova ljubljanska banka: nlb, nova poshta: novapost, nlb~, oschadbank, papara~,
        piraeus bank: piraeus piraeusbank winbank, posta romana: postaromana,
        posta slovenije: posta, privatbank~, privredna banka zagreb: pbz, ptt kargo: ptt,
        qnb finansbank: finansbank qnb, sahibinden, skroutz, surat kargo, trendyol,
        turk telekom: ttnet, turkcell, turkiye is bankasi: isbank, is bankasi: isbank,
        vakifbank, yapi kredi, yurtici kargo: yurtici, zagrebacka banka: zaba
        """
    /// Asia, Africa, the Gulf, Canada and Australia.
    private static let overseas = """
        aadhaar: uidai, absher~, access bank: accessbankplc, airtel, al rajhi bank: alrajhibank,
        bendigo bank: bendigoadelaide, bithumb, capitec~: capitecbank,
        cj logistics: cjlogistics, coupang, delhivery, desjardins~, dtdc, emirates nbd,
        emirates post, epfo: epfindia, etisalat: eand, flipkart, gtbank, hdfc~, icici~,
        income tax department: gov incometax, j&t express: jet jtexpress, kakaobank: kakao,
        kakaotalk: kakao, kotak~, lazada, linkt toll: linkt transurban,
        naver: ncloud worksmobile, ninja van, phonepe, pos malaysia: pos, posb: dbs,
        punjab national bank: pnb, rbc~: royalbank, saudi post: spl splonline, sbi~, shopee,
        singpass, sk telecom: sk skt tworld, smsa express: smsaexpress, social security~: ssa,
        suncorp, td canada trust: td, the courier guy, tokopedia, uae pass, upbit: dunamu,
        vodacom~, yono sbi: sbi, zenith bank
        """
}
