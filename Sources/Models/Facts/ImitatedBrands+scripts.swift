extension ImitatedBrands {
    /// The brands whose names are in other letters than Latin ones, the longest names first.
    ///
    /// A name without spaces may go on behind that of the brand: what its kind of customers are
    /// called, or the form of the company. It does not behind one with a `~`.
    static let inOtherScripts: [(name: [UInt8], brand: Brand)] =
        brands(in: [japanese, chinese, korean, russian]) { ASCIISpelling.spellings(of: $0.utf8) }
        .map { (name: $0.key, brand: $0.value) }
        .sorted { $0.name.count > $1.name.count }

    private static let japanese = """
        アイフル: aiful eyefulhome, アコム: acom, アップル~: apple icloud,
        アップルid: apple icloud, アマゾン: amazon,
        アメリカン エキスプレス: aexp americanexpress, イオンカード: aeon, イオン銀行: aeon,
        エックスサーバー: xserver, エポスカード: eposcard, エポスnet: eposcard,
        えきねっと: ekinet jreast, オリコカード: orico, オリコ~: orico,
        クレディセゾン: saisoncard, クロネコ: kuronekoyamato yamato,
        クロネコヤマト: kuronekoyamato yamato, さくらインターネット: sakura,
        じぶん銀行: jibunbank, ジャックス: jaccs, ジェーシービー: jcb, セゾンカード: saisoncard,
        ソニー銀行: moneykit sonybank, ソフトバンク: softbank, ディズニープラス: disney,
        ドコモ~: docomo nttdocomo, ネットフリックス: netflix, ビューカード: jreast viewcard,
        ファミペイ: famidigi family, ペイペイ: paypay, ポケットカード: pocketcard,
        マイクロソフト: microsoft, マイナポイント: cao digital soumu, マイナポータル: digital,
        マスターカード: mastercard, マネックス証券: monex, みずほ銀行: mizuho mizuhobank,
        みずほ証券: mizuho mizuhosc, メルカリ: mercari, メルペイ: mercari merpay,
        モバイルsuica: jreast mobilesuica, ヤフー~: yahoo, ヤマト運輸: kuronekoyamato yamato,
        ゆうちょ銀行: japanpost jpbank, ゆうパック: japanpost, ライフカード: lifecard,
        りそな銀行: resona resonabank resonagr, ローソン銀行: lawsonbank, 東京ガス: tokyogas,
        三井住友カード: smbc smbccard vpass, 三井住友銀行: smbc, 三菱ufjニコス: cr mufg,
        三菱ufj銀行: bk mufg, 全日空: ana anatc, 全日本空輸: ana, 厚生労働省~: mhlw,
        佐川急便: sagawa, 出前館: demaecan, 国税庁: nta, 国税電子申告: nta, 大和証券: daiwa,
        岡三証券: okasan okasanonline, 日本年金機構: nenkin, 日本航空~: jal,
        日本航空株式会社: jal, 日本郵便: japanpost, 日本郵政: japanpost, 東京電力: tepco,
        東日本旅客鉄道: jreast, 松井証券: matsui, 楽天カード: rakuten, 楽天ペイ: rakuten,
        楽天モバイル: rakuten, 楽天市場~: rakuten, 楽天株式会社: rakuten, 楽天グループ: rakuten,
        楽天銀行: rakuten, 楽天証券: rakuten, 楽天~: rakuten, 野村證券: nomura,
        野村証券: nomura, 関西電力: kansaitd kepco, 住信sbiネット銀行: netbk,
        sbi証券: sbisec sbigroup, sbi新生銀行: sbishinseibank, paypay銀行: japannetbank paypay,
        jr東日本: jreast, jr西日本: jrwest westjr, etc利用照会: etcmeisai smileetc,
        etcマイレージ: etcmeisai smileetc, etcサービス: etcmeisai smileetc, uc カード: uccard,
        nhkプラス: nhk, 日本放送協会: nhk, dカード: docomo, anaカード: ana, jalカード: jal,
        jcbカード: jcb, visaカード: visa vpass, エムアイカード: micard, ヨドバシ: yodobashi,
        イオンフィナンシャルサービス: aeon, イオンクレジットサービス: aeon
        """
    private static let chinese = """
        工商银行: icbc, 中国工商银行: icbc, 建设银行: ccb, 中国建设银行: ccb, 农业银行: abchina,
        中国农业银行: abchina, 中国银行: bankofchina boc cbirc chinacba nafmii,
        招商银行: cmbchina, 交通银行: bankcomm, 邮储银行: psbc, 中国邮政储蓄银行: psbc,
        浦发银行: spdb spdbccc, 中信银行: citicbank ecitic, 平安银行: pingan, 民生银行: cmbc,
        支付宝: alipay, 微信支付: qq tencent wechat weixin, 微信团队: qq tencent wechat weixin,
        腾讯~: qq tencent, 淘宝~: alibaba taobao, 淘宝网: alibaba taobao, 天猫~: alibaba tmall,
        京东~: jd, 京东商城: jd, 拼多多: pinduoduo, 顺丰速运: sf sfexpress,
        中国移动: 10086 139 chinamobile, 中国电信: 189 chinatelecom ct,
        中国联通: 10010 chinaunicom, 国家税务总局: chinatax, 税务局~: chinatax, 亚马逊: amazon,
        苹果公司: apple icloud, 阿里云: alibaba aliyun, 阿里巴巴: 1688 alibaba,
        网易邮箱: 126 163 netease, 中華郵政: post, 台灣銀行: bot,
        國泰世華: cathaybk cathayholdings, 中國信託: chinatrust ctbcbank ctbcholding,
        玉山銀行: esunbank, 台新銀行: taishinbank, 台北富邦銀行: fubon, 中華電信: cht hinet,
        蝦皮購物: shopee, 香港郵政: hongkongpost, 滙豐: hsbc, 恒生銀行: hangseng,
        八達通: octopus, 順豐速運: sf sfexpress
        """
    private static let korean = """
        국민은행: kbfg kbstar, kb국민은행: kbfg kbstar, kb국민카드: kbcard kbstar,
        신한은행: shinhan, 신한카드: shinhan, 우리은행: woori, 우리카드: woori,
        하나은행: hanabank hanafn kebhana, 하나카드: hanacard, 농협은행: nhbank nonghyup,
        농협~: nh nhbank nonghyup, nh농협: nhbank nhfire nhlife nonghyup, 기업은행: ibk,
        ibk기업은행: ibk, 카카오뱅크: kakao, 카카오페이: kakao, 카카오톡: kakao, 카카오~: kakao,
        케이뱅크: kbanknow, 토스뱅크: toss, 토스~: toss, 토스고객센터: toss,
        새마을금고: kfcc mgbank, 삼성카드: samsung, 현대카드: hyundaicard, 롯데카드: lotte,
        bc카드: bccard, 네이버: naver ncloud worksmobile, 쿠팡: coupang,
        우체국: epost koreapost, 우정사업본부: epost koreapost, cj대한통운: cjlogistics,
        한진택배: hanjin, 롯데택배: lotteglogis, 국세청: hometax nts, 홈택스: hometax nts,
        정부24: gov korea, 국민건강보험: nhimc nhis, 국민연금공단: nps, 경찰청: police,
        11번가: 11st 11stcorp, 지마켓: gmarket, 배달의민족: baemin woowahan, 당근마켓: daangn,
        업비트: dunamu upbit, 빗썸: bithumb, 넷플릭스: netflix, 애플~: apple icloud,
        구글~: google, 마이크로소프트: microsoft, sk텔레콤: sk skt sktelecom tworld,
        lg유플러스: lguplus uplus, 한국전력: kepco kpx, 아마존~: amazon, 페이팔: paypal,
        페이스북~: facebook fb meta, 인스타그램~: facebook instagram meta
        """
    private static let russian = """
        авито: avito, альфа банк: alfabank, банк втб: vtb, втб: vtb vtbarena vtbleasing vtbreg,
        газпромбанк: gazprombank gpb, госуслуги: gosuslugi mos mosreg,
        вайлдберриз: wb wildberries, мегафон: megafon, мтс банк: mts mtsbank, озон~: ozon,
        почта банк: pochtabank, почта россии: pochta russianpost, райффайзен: raiffeisen,
        ржд: rzd rzdbonus rzdtour, ростелеком: rostelecom rt rtsolar, россельхозбанк: rshb,
        сбербанк: sber sberbank sberleasing, сбер~: sber sberbank, сдэк: cdek,
        тинькофф: tbank tinkoff, т банк: tbank tinkoff, федеральная налоговая служба: nalog,
        фнс россии: nalog, яндекс~: ya yandex, дія~: diia gov, монобанк: monobank,
        нова пошта: novaposhta, приватбанк: privatbank, укрпошта: ukrposhta
        """
}
