"""Country names that CLDR does not have: short names, former and official names, abbreviations.

Separated by ``|``; case, marks, spaces, punctuation, "the" and "and" do not count.
"""

# Names of more than one country, or of none: no answer is better than a wrong one.
AMBIGUOUS_NAMES = (
    "congo|kongo|конго|الكونغو|كونغو|刚果|コンゴ|콩고|कांगो|คองโก|קונגו|کنگو|virgin islands"
    "|saint martin island|timor|micronesia islands|arabia|guiana|guyanas|guyane|caribbean"
    "|west indies|borneo|kurdistan|chechnya|yugoslavia|soviet union|ussr|ссср|cis|снг|africa"
    "|europe|asia|gulf|gcc|eu|other|none|any|المملكة|الجمهورية|الخليج|أفريقيا|أوروبا|республика"
    "|male"
)

# What stands before or after a country's name in its official name.
OFFICIAL_PREFIXES = (
    "islamic republic of|federal republic of|federative republic of|bolivarian republic of"
    "|plurinational state of|united republic of|arab republic of|co operative republic of"
    "|hashemite kingdom of|commonwealth of|principality of|grand duchy of|sultanate of"
    "|democratic socialist republic of|socialist republic of|independent state of|republic of"
    "|kingdom of|state of|country of|union of|republica islamica de|republica de la|republica del"
    "|republica de|reino de|estado de|republica da|republica do|republique du|republique de"
    "|republique d|royaume du|royaume de|republik|konigreich|repubblica di|regno di|republic"
    "|república|republica|جمهورية|دولة|مملكة|المملكة|سلطنة|إمارة|республика|королевство|султанат"
    "|княжество|государство|эмират"
)
OFFICIAL_SUFFIXES = (
    "республикасы|федерациясы|корольдігі|cumhuriyeti|respublikasi|respublikası|республикаси"
    "|republic|federation|federatsiyasi|共和国|共和國|공화국"
)
# With "republic of" before it, one of these names another country or a part of one.
NOT_OFFICIAL = ("CN", "TW", "KR", "KP", "CG", "CD", "DM", "DO", "GE", "CF", "US", "MX")

# Babel's languages of most answers; they are looked through before all others.
COMMON_LANGUAGES = (
    "en|ar|ru|kk|es|fr|de|pt|tr|id|vi|th|it|pl|nl|uk|ja|ko|zh|zh_Hant|ms|he|fa|ur|hi|bn"
    "|es_419|es_MX|pt_PT|ky|uz|az|ka|hy|ro|el|sv|cs|hu|fil|sw|am"
)
# Codes of CLDR that are no country of ISO 3166; their names must not name another one.
NO_COUNTRIES = "AC|CP|CQ|DG|EA|EU|EZ|IC|QO|TA|UN|XA|XB|ZZ"
OLD_CODES = ("BUR", "DDR", "FXX", "TMP", "YMD", "ZAR")  # ZAR is South Africa's money
# Codes that are words unless they are in capitals: an answer "no" is not Norway.
WORDS_LIKE_CODES = "am|an|as|at|be|by|do|et|go|id|if|in|is|it|la|ma|me|my|na|ne|no|pa|so|st|to|va"
# What stands beside a country and may name another one: "Turkey or Greece".
OTHER_WORDS = "or|not|no|but|except|или|не|кроме|او|ليس|ou|o|oder|veya|немесе"
# Of "Lebanon, Ohio" and "Peru, IN".
US_STATES = (
    "alabama|alaska|arizona|arkansas|california|colorado|connecticut|delaware|florida|georgia"
    "|hawaii|idaho|illinois|indiana|iowa|kansas|kentucky|louisiana|maine|maryland|massachusetts"
    "|michigan|minnesota|mississippi|missouri|montana|nebraska|nevada|newhampshire|newjersey"
    "|newmexico|newyork|northcarolina|northdakota|ohio|oklahoma|oregon|pennsylvania|rhodeisland"
    "|southcarolina|southdakota|tennessee|texas|utah|vermont|virginia|washington|westvirginia"
    "|wisconsin|wyoming|al|ak|az|ar|ca|co|ct|de|fl|ga|hi|id|il|in|ia|ks|ky|la|me|md|ma|mi|mn|ms"
    "|mo|mt|ne|nv|nh|nj|nm|ny|nc|nd|oh|ok|or|pa|ri|sc|sd|tn|tx|ut|vt|va|wa|wv|wi|wy"
)
# Letters of their own that Unicode does not take apart, and Arabic that is written both ways.
SAME_LETTERS = dict(
    zip("ıđøłəةىیېکہھۀæ", ("i", "d", "o", "l", "a", *"هيييكههه", "ae"), strict=True)
) | {"œ": "oe", "ـ": ""}

# What people write before the name of the country they live in; parts of a regular expression.
RESIDENT_WORDS = (
    r"(?:(?:i am|i'm|im|i live|i am living|living|based|currently|resident)? ?(?:from|in)"
    r"|soy de|vivo en|moro no|moro em|je vis (?:en|au)|я из"
    r"|أنا من|انا من|من|أعيش في|اعيش في|مقيمة? في)"
)
COUNTRY_ALIASES = {
    "AE": (
        "UAE|U A E|emirates|united arab emirate|arab emirates|emirats|emirats arabes|eau|emiratos"
        "|emiratos arabes|EAU|emirados|emirados arabes|vae|emirate|emirati|emirati arabi|bae"
        "|birleşik arap emirliği|emirlikler|uea|zea|emiraty|emiraty arabskie|оае|эмираты"
        "|арабские эмираты|объединенные арабские эмираты|объединённые эмираты|бәә|баә"
        "|біріккен араб эмираттары|әмірліктер|эмираттар|الإمارات|امارات|الامارات العربية"
        "|دولة الإمارات العربية المتحدة|دولة الإمارات|امارات متحده عربی|یو اے ای|یواےای"
        "|متحدہ عرب امارات|यूएई|संयुक्त अरब अमीरात|阿联酋|阿聯|阿拉伯联合酋长国|アラブ首長国連邦"
        "|首長国連邦|아랍에미리트연합|아랍에미리트|ยูเออี|สหรัฐอาหรับเอมิเรตส์|האמירויות"
        "|איחוד האמירויות"
    ),
    "SA": (
        "KSA|saudi|saudia|saudi arab|kingdom of saudi|arabie|arabie saoudite|arabia saudita"
        "|arabia saudi|arab saudi|saudi arabien|suudi|suudi arabia|саудия|сауд арабия"
        "|сауд аравиясы|саудовская|королевство саудовская аравия|السعودية|السعوديه|سعودية"
        "|المملكة السعودية|العربية السعودية|عربستان|سعودی|سعودیہ|सऊदी|सऊदी अरब|沙特|沙特阿拉伯王国"
        "|沙烏地|サウジ|사우디|ซาอุ|ซาอุดิอาระเบีย|סעודיה"
    ),
    "US": (
        "USA|US|U S A|US of A|united states of america|america|the states|united states america"
        "|u s of america|estados unidos de america|EEUU|EE UU|EEUUA|eua|estados unidos da america"
        "|etats unis d amerique|amerique|america del norte eeuu|vereinigte staaten von amerika"
        "|amerika|stati uniti d america|stati uniti|verenigde staten van amerika|VS amerika"
        "|stany zjednoczone ameryki|ameryka|abd|amerika birleşik devletleri|amerika serikat|mỹ"
        "|hợp chủng quốc hoa kỳ|сша|америка|соединенные штаты америки|штаты|ақш|құрама штаттар"
        "|сполучені штати америки|امريكا|أميركا|امیرکا|الولايات المتحدة الأمريكية"
        "|الولايات المتحدة الأميركية|الولايات المتحدة الامريكا|آمریکا|ایالات متحده آمریکا|امریکہ"
        "|अमेरिका|अमरीका|संयुक्त राज्य अमेरिका|美利坚合众国|美利堅合眾國|アメリカ|米国"
        "|アメリカ合衆国|미합중국|อเมริกา|สหรัฐ|สหรัฐอเมริกา|ארהב|אמריקה|ארצות הברית של אמריקה"
    ),
    "GB": (
        "UK|U K|great britain|britain|england|scotland|wales|northern ireland|u k of g b"
        "|united kingdom of great britain|united kingdom of great britain and northern ireland"
        "|united kingdom great britain|united kingdom uk|gran bretaña|inglaterra|escocia"
        "|grã bretanha|grande bretagne|angleterre|écosse|großbritannien|england uk|schottland"
        "|gran bretagna|inghilterra|scozia|groot brittannië|engeland|anglia|wielka brytania"
        "|ingiltere|büyük britanya|britania raya|inggris raya|vương quốc anh|nước anh|anh|anh quốc"
        "|британия|англия|шотландия|соединенное королевство|велика британія|великобританія|англія"
        "|ағылшын елі|англия британия|بريطانيا|إنجلترا|انكلترا|بريطانيا العظمى|اسكتلندا"
        "|المملكة المتحدة البريطانية|انگلیس|انگلستان|بریتانیا|برطانیہ|انگلینڈ|यूके|ब्रिटेन"
        "|इंग्लैंड|英格兰|大不列颠|英國|イギリス|英国|イングランド|잉글랜드|อังกฤษ|ประเทศอังกฤษ"
        "|אנגליה|בריטניה"
    ),
    "RU": (
        "russian federation|федерация россия|РФ|Р Ф|российская федерация|ресей федерациясы"
        "|россия федерациясы|rusya federasyonu|federación rusa|federação russa"
        "|russische föderation|fédération de russie|federazione russa|росія|російська федерація"
        "|روسيا الاتحادية|الاتحاد الروسي|روسیا|俄国|俄罗斯联邦|俄國|ロシア連邦|러시아 연방"
    ),
    "KZ": (
        "kazakstan|kazahstan|qazaqstan|kazajstan|cazaquistao|РК|ҚР|казакстан|қазақстан|қазақ елі"
        "|كازخستان|كازاخستان|قازاخستان|قزاقستان|كازاكستان|哈萨克"
    ),
    "TR": "turkey|turkiye|turky|turquie|türkei|турция|туреччина|تركيه|tr turkey|土耳其共和国",
    "KR": (
        "korea|south korea|s korea|rok|republic of korea|korea republic of|korea south|korea rep"
        "|corea|corea del sur|coree|corée du sud|coreia|coreia do sul|südkorea|kore|güney kore"
        "|korea selatan|korsel|hàn|южная корея|корея|республика корея|كوريا|جمهورية كوريا|کره"
        "|कोरिया|韩国|南韩|南韓|大韩民国|大韓民國|韓国|大韓民国|한국|남한|대한민국|เกาหลี|קוריאה"
    ),
    "KP": (
        "dprk|n korea|korea north|democratic people s republic of korea"
        "|korea democratic people s republic of|korea dem people s rep|северная корея|кндр|北韩"
        "|北韓|北朝鲜|北朝鮮|북한|조선민주주의인민공화국"
    ),
    "CN": (
        "prc|p r china|pr china|mainland china|people s republic of china|china mainland|china prc"
        "|republica popular china|republique populaire de chine|volksrepublik china|tiongkok|cina"
        "|кнр|китайская народная республика|қхр|الصين الشعبية|جمهورية الصين الشعبية|中华人民共和国"
        "|中國|中国大陆|中華人民共和國|中华|중화인민공화국"
    ),
    "TW": (
        "roc|republic of china|taiwan province of china|taiwan china|taiwan roc|chinese taipei"
        "|formosa|китайская республика|جمهورية الصين|中华民国|中華民國|台湾|臺灣|中国台湾"
    ),
    "HK": (
        "hong kong|hongkong|hong kong china|hong kong sar|hksar|h k|гонконг|гонг конг|сянган"
        "|هونغ كونغ|هونج كونج|هونگ کونگ|هنگ کنگ|ہانگ کانگ|हांगकांग|香港|香港特别行政区"
        "|香港特別行政區|中国香港|ホンコン|홍콩|ฮ่องกง|הונג קונג|honkong|hongkongas|hồng kông"
        "|hồng công"
    ),
    "MO": (
        "macau|macao|macao china|macau china|macau sar|макао|аомынь|ماكاو|ماكاو الصينية|澳门|澳門"
        "|中国澳门|マカオ|마카오"
    ),
    "PS": (
        "palestine|state of palestine|palestinian territory|palestine state of|gaza|west bank"
        "|palestinian authority|palestinian territory occupied|palestina|palästina|filistin"
        "|палестина|палестине|государство палестина|فلسطين|دولة فلسطين|فلسطین|巴勒斯坦|パレスチナ"
        "|팔레스타인|ปาเลสไตน์|פלסטין"
    ),
    "CZ": (
        "czech|czech republic|the czech republic|republica checa|republique tcheque"
        "|чешская республика|çek cumhuriyeti|repubblica ceca|tschechische republik|جمهورية التشيك"
        "|تشيكيا|捷克共和国"
    ),
    "NL": (
        "holland|the netherlands|holanda|pays bas hollande|hollande|olanda|hollanda|голландия"
        "|belanda|هولاندا|nederland|荷蘭|オランダ|네덜란드"
    ),
    "CD": (
        "drc|dr congo|d r congo|congo drc|congo dr|democratic republic of congo"
        "|democratic republic of the congo|congo democratic republic of the|zaire|congo kinshasa"
        "|congo the democratic republic of the|congo democratic republic|rdc|rd congo"
        "|republique democratique du congo|republica democratica del congo"
        "|republica democratica do congo|demokratische republik kongo|др конго|дрк"
        "|демократическая республика конго|конго кинша́са|конго демократиялық республикасы"
        "|جمهورية الكونغو الديمقراطية|الكونغو الديمقراطية|刚果民主共和国|刚果金"
    ),
    "CG": (
        "republic of congo|republic of the congo|congo republic of|congo republic"
        "|congo brazzaville|republique du congo|republica del congo|республика конго"
        "|جمهورية الكونغو|刚果共和国|刚果布"
    ),
    "CI": (
        "ivory coast|cote ivoire|cote d ivoire|costa de marfil|elfenbeinküste|fildişi sahili"
        "|берег слоновой кости|كوت ديفوار|科特迪瓦共和国|pantai gading"
    ),
    "MM": (
        "myanmar|burma|birma|birmanie|birmania|мьянма|бирма|ميانمار|بورما|mianmar|ミャンマー"
        "|ビルマ|미얀마|緬甸"
    ),
    "MK": (
        "macedonia|republic of macedonia|fyrom|republic of north macedonia|macedonia north"
        "|македония|macédoine|mazedonien|مقدونيا|makedonya"
        "|macedonia the former yugoslav republic of"
    ),
    "SZ": "swaziland|свазиленд|سوازيلاند|suazilandia|eswatini kingdom|斯威士蘭",
    "CV": "cape verde|cabo verde|cap vert|kap verde|кабо верде|острова зеленого мыса|كاب فيردي",
    "TL": (
        "east timor|timor leste|timor oriental|timor est|osttimor|восточный тимор|тимор лесте"
        "|تيمور الشرقية|doğu timor|東ティモール"
    ),
    "VA": (
        "vatican|vatican city|holy see|holy see vatican city state|vatican city state|vaticano"
        "|ватикан|الفاتيكان|vatikan|the vatican"
    ),
    "BY": (
        "belorussia|byelorussia|белоруссия|республика беларусь|bielorrusia|weißrussland|бєларусь"
        "|білорусь|روسيا البيضاء|بيلاروسيا"
    ),
    "KG": (
        "kirghizia|kirgizstan|kyrgyz republic|kirgizia|кыргызстан|кыргызская республика"
        "|киргизская республика|киргизстан|қырғыз республикасы|قرغيزستان|قيرغيزيا"
    ),
    "MD": "moldavia|moldova republic of|молдавия|республика молдова|مولدافيا",
    "TM": "turkmenia|туркмения|туркменістан|تركمانستان",
    "UZ": "uzbekiston|ozbekiston|узбекстан|أوزبكستان|اوزباكستان|оʻзбекистон",
    "TJ": "tadjikistan|таджикстан|tojikiston|طاجكستان",
    "AZ": "azerbaidjan|азербайжан|أذربيجان",
    "UA": "ukraine the|україна|украйна|اوكرانيا|أكرانيا",
    "SY": "syrian arab republic|сирийская арабская республика|سورية|الجمهورية العربية السورية",
    "IR": "iran islamic republic of|islamic republic iran|persia|иран исламская республика|ايران",
    "LA": "lao|lao pdr|lao people s democratic republic|laos pdr",
    "VN": "viet nam|vietnam socialist republic|вьетнам|فيتنام|việt nam|越南社会主义共和国",
    "BN": "brunei darussalam|negara brunei darussalam",
    "TZ": "tanzania united republic of|united republic of tanzania",
    "BO": "bolivia plurinational state of|estado plurinacional de bolivia",
    "VE": "venezuela bolivarian republic of|republica bolivariana de venezuela",
    "FM": "micronesia federated states of|federated states of micronesia|fsm",
    "LY": "libyan arab jamahiriya|libya state of|ليبيه",
    "EG": (
        "arab republic of egypt|egypt arab republic of|arab rep of egypt|a r e egypt|misr|masr"
        "|جمهورية مصر العربية|مصر العربية|ج م ع|мысыр|arap mısır"
    ),
    "JO": "hashemite kingdom of jordan|المملكة الأردنية الهاشمية|المملكة الاردنية|الاردن",
    "YE": "republic of yemen|الجمهورية اليمنية|اليمن السعيد",
    "LB": "lebanese republic|الجمهورية اللبنانية|liban|libano",
    "TN": "tunisian republic|الجمهورية التونسية",
    "MA": "marocco|maroc|المملكة المغربية|al maghrib|maghreb marocain",
    "DZ": "الجمهورية الجزائرية|الجمهورية الجزائرية الديمقراطية الشعبية|algerie",
    "SD": "جمهورية السودان|north sudan|السودان الشمالي",
    "SS": "s sudan|جمهورية جنوب السودان",
    "MR": "الجمهورية الإسلامية الموريتانية|mauritanie",
    "BH": "bahrein|البحرين مملكة|bahrain kingdom",
    "OM": "sultanat oman|سلطنة عمان|سلطنه عمان|oman sultanate",
    "QA": "katar|قطر دولة|qatar state",
    "KW": "kuweit|koweit|دولة الكويت",
    "IQ": "irak|جمهورية العراق",
    "IE": (
        "republic of ireland|eire|ireland republic of|irish republic|southern ireland"
        "|rep of ireland|ірландія|جمهورية أيرلندا|ارلندا|ايرلندا"
    ),
    "ZA": "rsa|s africa|republic of south africa|юар|sudafrica|جنوب افريقيا|جنوب إفريقيا",
    "CF": "central african rep|c a r|centrafrique|république centrafricaine|rca|цар",
    "NZ": "new zeland|aotearoa|n z|nz new zealand|نيوزلندا",
    "PG": "png|p n g|papua",
    "BA": "bosnia|bih|bosnia hercegovina|bosnia herzegovina|bosnie|bosnien|босния|البوسنة",
    "RS": "republic of serbia|serbia republic of|srbija|сербия|صربيا",
    "XK": "kosova|republic of kosovo|kosovo republic of|косово",
    "DO": (
        "dominican rep|rep dominicana|republica dominicana|the dominican republic|r d dominicana"
        "|доминикана|доминиканская республика|الدومينيكان|dominikanische republik"
    ),
    "TT": "trinidad|tobago|trinidad tobago|тринидад",
    "AG": "antigua|антигуа",
    "KN": "saint kitts|st kitts nevis|saint kitts nevis",
    "VC": "saint vincent|st vincent|saint vincent grenadines",
    "ST": "sao tome|sao tome principe",
    "SH": "saint helena ascension and tristan da cunha|saint helena ascension tristan da cunha",
    "BQ": "bonaire sint eustatius and saba|bonaire saint eustatius and saba|bonaire",
    "VG": "virgin islands british|bvi|british virgin islands uk",
    "VI": "virgin islands us|virgin islands u s|usvi|us virgin islands|virgin islands usa",
    "MF": "saint martin french part|st martin french part",
    "SX": "sint maarten dutch part|saint martin dutch part|st maarten",
    "FK": "falkland islands malvinas|falklands|malvinas|las malvinas",
    "IM": "isle of man|man isle of",
    "GS": "south georgia and the south sandwich islands",
    "UM": "united states minor outlying islands|usa minor outlying islands",
    "HM": "heard island and mcdonald islands",
    "SJ": "svalbard and jan mayen|svalbard",
    "IO": "british indian ocean territory",
    "TF": "french southern territories|french southern and antarctic lands",
    "WF": "wallis and futuna|wallis",
    "PM": "saint pierre and miquelon|st pierre",
    "TC": "turks and caicos|turks caicos",
    "AX": "aland|åland islands|aland islands",
    "CC": "cocos islands|cocos keeling islands|keeling islands",
    "BL": "saint barthelemy|st barts|saint barts",
    "PN": "pitcairn|pitcairn islands",
    "RE": "reunion|la reunion|reunion island",
    "CW": "curacao",
    "PH": "philippines the|filipinas|pilipinas|филиппины|الفلبين|الفليبين|فلبين",
    "IN": "bharat|hindustan|republic of india|индия|inde|भारत|هندوستان|بھارت|انڈیا",
    "PK": "pakistan islamic republic|باكستان|پاکستان",
    "BD": "bangla desh|bangladesh people s republic|بنجلاديش|بنغلادش|বাংলাদেশ",
    "LK": "ceylon|srilanka|سيريلانكا|سريلانكا",
    "TH": "siam|ประเทศไทย|tailandia|تايلند|تايلاند|泰國",
    "ID": "indonesia republic of|اندونسيا",
    "MY": "malasia|ماليزيه",
    "JP": "nippon|nihon|nhật|japon|япония|اليابان|日本国|日本國",
    "DE": (
        "deutschland|allemagne|alemania|alemanha|germania|frg|federal republic germany|фрг|almanya"
        "|المانيا|ألمانيا الاتحادية|德國"
    ),
    "FR": "french republic|france métropolitaine|franca|فرنسه|法國",
    "ES": "spain kingdom|espana|اسبانيا|španija|испания",
    "IT": "italia|italie|ايطاليا|إيطاليه",
    "CH": "swiss|switzerland ch|suisse|schweiz|svizzera|suiza|швейцария|سويسره",
    "AT": "osterreich|autriche|австрия|النمسه",
    "SE": "sverige|suede|швеция",
    "NO": "norge|norvege|норвегия",
    "DK": "danmark|danemark|дания|الدانمارك|الدنمرك",
    "FI": "suomi|finnland|финляндия",
    "GR": "hellas|hellenic republic|grece|греция|اليونان",
    "PT": "portugal republic|португалия",
    "BR": "brasil|bresil|brazil federative republic|бразилия|البرازيل",
    "AR": "argentine|republica argentina|аргентина|الارجنتين",
    "MX": "mejico|estados unidos mexicanos|mexique|мексика|المكسيك",
    "CL": "republica de chile|чили|تشيلى",
    "CO": "republica de colombia|columbia|كولومبيه",
    "SG": "singapur|singapore republic|سنغافوره|sg singapore",
    "GM": "the gambia|gambia the",
    "BS": "the bahamas|bahamas the",
    "KM": "the comoros|comoro islands",
    "MV": "the maldives|maldive islands|المالديف|مالديف",
    "SC": "the seychelles",
    "SV": "salvador|el salvador",
    "CR": "costarica",
    "NE": "niger republic|republic of niger|republique du niger",
    "MU": "île maurice",
    "NG": "federal republic of nigeria|naija",
    "GN": "guinea conakry|guinée conakry|republic of guinea|guinee",
    "GW": "guinea bissau",
    "GQ": "equatorial guinea",
    "GF": "french guiana|guyane française",
    "GY": "guyana republic|guyana co operative republic of",
    "WS": "western samoa|independent state of samoa",
    "AS": "american samoa",
    "LV": "latvia republic",
    "LT": "lithuania republic",
}
