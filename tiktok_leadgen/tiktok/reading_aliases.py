"""Words inside of answers: yes and no, months, thousands and money."""

YES = (
    "yes|y|yeah|yep|true|1|on|ok|okay|sure|agree|i agree|agreed|accept|accepted"
    "|نعم|اجل|أكيد|بالتأكيد|موافق|موافقة|أوافق"
    "|да|ага|конечно|согласен|согласна|верно"
    "|иә|ия|келісемін"
    "|sí|claro|por supuesto|acepto|de acuerdo|verdadero"
    "|oui|d accord|j accepte|bien sûr|vrai"
    "|ja|jawohl|einverstanden|wahr"
    "|sim|aceito|concordo|verdadeiro"
    "|evet|kabul ediyorum|doğru|onaylıyorum"
    "|ya|iya|setuju|saya setuju|benar"
    "|có|vâng|đồng ý|tôi đồng ý|đúng"
    "|ใช่|ตกลง|ยินยอม|ยอมรับ|ใช่ค่ะ|ใช่ครับ"
)
NO = (
    "no|n|nope|false|0|off|not|never|i disagree|disagree"
    "|لا|كلا|غير موافق|لا أوافق"
    "|нет|не согласен|не согласна|неверно"
    "|жоқ|келіспеймін"
    "|no acepto|falso"
    "|non|je refuse|faux"
    "|nein|falsch|nicht einverstanden"
    "|não|não aceito"
    "|hayır|yok|yanlış"
    "|tidak|bukan|tidak setuju|salah"
    "|không|không đồng ý|chưa|sai"
    "|ไม่|ไม่ใช่|ไม่ยินยอม|ไม่ยอมรับ"
)
# For each language the twelve months; other forms of one after a bar.
MONTHS = (
    (
        "january|jan february|feb march|mar april|apr may june|jun july|jul august|aug"
        " september|sep|sept october|oct november|nov december|dec"
    ),
    (
        "يناير|كانون٢ فبراير|شباط مارس|آذار أبريل|نيسان|إبريل مايو|أيار يونيو|حزيران يوليو|تموز"
        " أغسطس|آب سبتمبر|أيلول أكتوبر نوفمبر ديسمبر"
    ),
    (
        "января|январь|янв февраля|февраль|фев марта|март|мар апреля|апрель|апр мая|май"
        " июня|июнь|июн июля|июль|июл августа|август|авг сентября|сентябрь|сен|сент"
        " октября|октябрь|окт ноября|ноябрь|ноя декабря|декабрь|дек"
    ),
    "қаңтар ақпан наурыз сәуір мамыр маусым шілде тамыз қыркүйек қазан қараша желтоқсан",
    (
        "enero|ene febrero|feb marzo|mar abril|abr mayo junio|jun julio|jul agosto|ago"
        " septiembre|setiembre|sep octubre|oct noviembre|nov diciembre|dic"
    ),
    (
        "janvier|janv février|févr mars avril|avr mai juin juillet|juil août septembre|sept"
        " octobre|oct novembre|nov décembre|déc"
    ),
    (
        "januar|jänner|jan februar|feb märz|mär april|apr mai juni|jun juli|jul august|aug"
        " september|sep oktober|okt november|nov dezember|dez"
    ),
    (
        "janeiro|jan fevereiro|fev março|mar abril|abr maio|mai junho|jun julho|jul agosto|ago"
        " setembro|set outubro|out novembro|nov dezembro|dez"
    ),
    (
        "ocak|oca şubat|şub mart|mar nisan|nis mayıs|may haziran|haz temmuz|tem ağustos|ağu"
        " eylül|eyl ekim|eki kasım|kas aralık|ara"
    ),
    (
        "januari|jan februari|feb maret|mar april|apr mei juni|jun juli|jul agustus|agu"
        " september|sep oktober|okt november|nov desember|des"
    ),
    "มกราคม กุมภาพันธ์ มีนาคม เมษายน พฤษภาคม มิถุนายน กรกฎาคม สิงหาคม กันยายน ตุลาคม พฤศจิกายน ธันวาคม",
)
# Words beside a day that change nothing about it.
DATE_FILLERS = (
    "st|nd|rd|th|of|the|on|at|de|del|el|la|las|le|à|dia|em|às|den|der|um|uhr|kl"
    "|er|o|г|года|год|в|на|жыл|жылы|жылғы|ж|yılı|yıl|günü|saat|tanggal|tgl|pukul|jam|tahun|lúc"
    "|يوم|في|الساعة|عام|سنة|م|วันที่|ที่|เวลา|พ|ค|ศ"
)
# Words that say what the number beside them is.
DATE_LABELS_BEFORE = (("ngày|วันที่", "day"), ("tháng|เดือน", "month"), ("năm|ปี", "year"))
DATE_LABELS_AFTER = (("日|일", "day"), ("月|월", "month"), ("年|년", "year"))
# Where a word means a thousand here and a million there, it is left out.
SCALES = (
    (
        "k|thousand|тыс|тысяч|тысячи|тысяча|мың|ألف|آلاف|الف|bin|ribu|rb|nghìn|ngàn|tausend|mille|พัน",
        10**3,
    ),
    (
        "million|millions|mio|mln|mn|млн|миллион|миллиона|миллионов|مليون|ملايين|millón|millones",
        10**6,
    ),
    ("milhão|milhões|milyon|juta|jt|triệu|tr|millionen|ล้าน", 10**6),
    ("lakh|lakhs|lac", 10**5),
)
CURRENCIES = (
    "usd|eur|gbp|aed|sar|qar|kwd|bhd|omr|egp|jod|mad|dzd|tnd|iqd|lbp|rub|kzt|uah|uzs|try|inr|pkr"
    "|bdt|idr|vnd|thb|myr|sgd|php|brl|mxn|clp|cop|ars|pen|cad|aud|nzd|chf|pln|czk|sek|nok|dkk|zar"
    "|ngn|kes|jpy|cny|krw|hkd|twd|ils|gel|amd|azn"
    "|dollar|dollars|euro|euros|rs|rp|r|tl|lira|rupees|rupiah|baht|pesos|reais|real|dirham|dirhams"
    "|riyal|riyals|руб|рублей|рубля|р|тг|тенге|درهم|دراهم|ريال|دينار|جنيه|دولار|يورو|ليرة"
    "|đ|vnđ|đồng|บาท|us|dh"
)
