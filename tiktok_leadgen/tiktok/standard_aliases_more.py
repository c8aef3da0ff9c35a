"""What the standard questions are called in twelve more languages."""

MORE_ALIASES = {
    "it": {
        "name": "nome completo|nome e cognome|nome cognome|cognome e nome|il tuo nome|nominativo",
        "first_name": "nome di battesimo|primo nome",
        "last_name": "cognome|il tuo cognome",
        "email": "indirizzo email|indirizzo e mail|posta elettronica|la tua email|indirizzo mail",
        "phone_number": (
            "numero di telefono|telefono|cellulare|numero di cellulare|numero cellulare"
            "|telefono cellulare|numero telefonico|recapito telefonico|numero whatsapp"
            "|numero di telefono cellulare|numero di contatto|il tuo numero di telefono"
        ),
        "city": "città|comune|la tua città|città di residenza",
        "zip": "cap|codice postale|codice avviamento postale",
        "state": "regione|stato|stato provincia",
        "country": "paese|nazione|paese di residenza|paese regione",
        "street": "indirizzo|via|indirizzo di residenza|indirizzo completo",
        "street2": "interno|scala|appartamento",
        "company": "azienda|nome azienda|nome dell azienda|società|ragione sociale|impresa",
        "job_title": "ruolo|qualifica|professione|posizione lavorativa|mansione|occupazione",
        "website": "sito|sito internet|sito aziendale",
        "consent": "consenso|accetto|acconsento|informativa sulla privacy|privacy",
    },
    "pl": {
        "name": (
            "imię i nazwisko|twoje imię i nazwisko|imię nazwisko|nazwisko i imię"
            "|pełne imię i nazwisko"
        ),
        "first_name": "imię|twoje imię",
        "last_name": "nazwisko|twoje nazwisko",
        "email": "adres e mail|adres email|poczta elektroniczna|twój e mail|adres poczty",
        "phone_number": (
            "numer telefonu|nr telefonu|telefon komórkowy|numer komórkowy|komórka|tel kontaktowy"
            "|numer kontaktowy|telefon kontaktowy|numer telefonu komórkowego|numer whatsapp"
        ),
        "city": "miasto|miejscowość|miejsce zamieszkania",
        "zip": "kod pocztowy",
        "state": "województwo|region",
        "country": "kraj|państwo|kraj region|kraj zamieszkania",
        "street": "ulica|adres zamieszkania|ulica i numer|adres domowy",
        "street2": "mieszkanie|numer mieszkania|nr mieszkania",
        "company": "nazwa firmy|przedsiębiorstwo|nazwa przedsiębiorstwa",
        "job_title": "stanowisko|zawód|stanowisko pracy|funkcja",
        "website": "strona internetowa|strona www|witryna|strona firmowa",
        "consent": "zgoda|wyrażam zgodę|akceptuję|zgadzam się|polityka prywatności",
    },
    "nl": {
        "name": "naam|volledige naam|voor en achternaam|voornaam en achternaam|uw naam|je naam",
        "first_name": "voornaam|uw voornaam|je voornaam",
        "last_name": "achternaam|familienaam|uw achternaam|je achternaam",
        "email": "e mailadres|emailadres|mailadres|uw e mailadres|je e mailadres",
        "phone_number": (
            "telefoonnummer|telefoon|mobiel|mobiel nummer|gsm nummer|mobiele nummer|gsm"
            "|uw telefoonnummer|je telefoonnummer|mobiele telefoon|whatsappnummer|06 nummer"
        ),
        "city": "stad|plaats|woonplaats|plaatsnaam|gemeente",
        "zip": "postcode|uw postcode",
        "state": "provincie|staat|regio",
        "country": "land|land van verblijf|land regio",
        "street": "straat|straatnaam|woonadres|straat en huisnummer",
        "street2": "huisnummer toevoeging|appartement|bus",
        "company": "bedrijf|bedrijfsnaam|naam bedrijf|organisatie|onderneming",
        "job_title": "functie|functietitel|beroep|rol",
        "website": "bedrijfswebsite|webadres",
        "consent": "toestemming|ik ga akkoord|akkoord|privacybeleid|privacyverklaring",
    },
    "uk": {
        "name": "ім я|піб|п і б|повне ім я|ваше ім я|ім я та прізвище|прізвище та ім я",
        "first_name": "перше ім я",
        "last_name": "прізвище|ваше прізвище",
        "email": (
            "ел пошта|електронна пошта|електронна адреса|адреса електронної пошти|пошта|ваша пошта"
            "|емейл"
        ),
        "phone_number": (
            "номер телефону|мобільний телефон|мобільний|ваш номер телефону|контактний телефон"
            "|контактний номер|номер мобільного телефону|номер мобільного|номер вайбер"
        ),
        "city": "місто|населений пункт|ваше місто",
        "zip": "поштовий індекс|індекс",
        "state": "область|регіон|край|область регіон",
        "country": "країна|країна проживання|країна регіон",
        "street": "адреса|вулиця|домашня адреса|ваша адреса",
        "street2": "номер квартири|квартира",
        "company": "компанія|назва компанії|організація|підприємство|фірма",
        "job_title": "посада|професія|рід занять",
        "website": "вебсайт|веб сайт|сайт компанії",
        "consent": "згода|я погоджуюсь|погоджуюсь|політика конфіденційності|даю згоду",
    },
    "ja": {
        "name": "氏名|氏名 漢字|お名前|名前|姓名|フルネーム|ご氏名|お客様名|お名前 フルネーム",
        "first_name": "名|下の名前",
        "last_name": "姓|苗字",
        "email": "メールアドレス|eメール|メール|電子メール|eメールアドレス|e mailアドレス",
        "phone_number": (
            "電話番号|電話|携帯電話|携帯電話番号|携帯番号|お電話番号|ご連絡先電話番号|連絡先電話番号"
            "|携帯|tel番号"
        ),
        "city": "市区町村|市町村|市|都市",
        "zip": "郵便番号",
        "state": "都道府県|県|州",
        "country": "国|国名|国 地域|居住国",
        "street": "住所|ご住所|番地|町名 番地",
        "street2": "建物名|マンション名|部屋番号|建物名 部屋番号",
        "company": "会社名|会社|企業名|貴社名|御社名|勤務先",
        "job_title": "役職|職業|職種|肩書き|ご職業",
        "website": "ウェブサイト|ホームページ|サイトurl|webサイト",
        "consent": "同意|同意する|同意します|プライバシーポリシー|個人情報の取り扱い",
    },
    "ko": {
        "name": "이름|이름을 입력하세요|성함|성명|고객명|고객 성함|전체 이름",
        "first_name": "이름 성 제외|이름만",
        "last_name": "성|성씨",
        "email": "이메일|이메일 주소|메일|메일 주소|전자우편",
        "phone_number": (
            "전화번호|전화 번호|휴대폰 번호|휴대폰번호|휴대폰|핸드폰|핸드폰 번호|연락처|휴대전화"
            "|휴대전화 번호|핸드폰번호|휴대전화번호|전화|연락처 번호"
        ),
        "city": "도시|시 군 구|시군구|거주 도시",
        "zip": "우편번호|우편 번호",
        "state": "시 도|시도|도|지역|거주지역|거주 지역",
        "country": "국가|나라|국가 지역|거주 국가",
        "street": "주소|거주지 주소|도로명 주소|집 주소",
        "street2": "상세주소|상세 주소|동 호수",
        "company": "회사|회사명|업체명|상호명|기업명|직장명",
        "job_title": "직책|직업|직함|직위|직무",
        "website": "웹사이트|홈페이지|홈페이지 주소",
        "consent": "동의|동의합니다|개인정보 수집 동의|개인정보처리방침|개인정보 수집 및 이용 동의",
    },
    "zh": {
        "name": "姓名|您的姓名|全名|名字|联系人|聯絡人|您的名字|联系人姓名|真实姓名|完整姓名",
        "first_name": "名 不含姓",
        "last_name": "姓氏",
        "email": (
            "邮箱|电子邮件|电子邮箱|邮箱地址|電子郵件|電郵|电邮|信箱|電子郵件地址|电子邮件地址"
        ),
        "phone_number": (
            "电话|电话号码|手机号|手机号码|手机|联系电话|電話|電話號碼|手機|手機號碼|聯絡電話|联系方式"
            "|您的电话|您的手机号|微信手机号|行動電話|联系手机"
        ),
        "city": "城市|所在城市|城市名称|居住城市",
        "zip": "邮编|邮政编码|郵遞區號|郵政編碼",
        "state": "省份|省|州 省|省 州|所在省份",
        "country": "国家|國家|国家 地区|國家 地區|所在国家",
        "street": "地址|详细地址|街道|街道地址|通讯地址|聯絡地址|詳細地址",
        "street2": "门牌号|单元号",
        "company": "公司|公司名称|公司名稱|企业名称|单位|企業名稱|单位名称",
        "job_title": "职位|职务|职业|職位|職稱|職業|職務|岗位",
        "website": "网站|网址|網站|公司网站|官网|網址",
        "consent": "同意|我同意|隐私政策|隱私政策|同意条款",
    },
    "ms": {
        "name": "nama penuh|nama penuh anda|nama anda penuh",
        "first_name": "nama pertama|nama diberi",
        "last_name": "nama akhir|nama bapa",
        "email": "e mel|emel|alamat e mel|alamat emel|emel anda|mel elektronik",
        "phone_number": (
            "nombor telefon|no telefon|nombor telefon bimbit|telefon bimbit|nombor telefon anda"
            "|no tel|nombor whatsapp|no telefon bimbit|nombor untuk dihubungi|nombor hp"
        ),
        "city": "bandar|bandaraya|pekan",
        "zip": "poskod",
        "state": "negeri|wilayah|negeri wilayah",
        "country": "negara kediaman|negara anda",
        "street": "alamat penuh|alamat kediaman|alamat surat menyurat",
        "street2": "nombor unit|no unit",
        "company": "syarikat|nama syarikat|nama perniagaan|organisasi",
        "job_title": "jawatan|kerjaya|gelaran pekerjaan",
        "website": "laman web|tapak web",
        "consent": "persetujuan saya|saya bersetuju|bersetuju|dasar privasi|saya setuju dihubungi",
    },
    "he": {
        "name": "שם|שם מלא|השם שלך|שמך המלא|שם ושם משפחה|שם פרטי ומשפחה|שם הלקוח",
        "first_name": "שם פרטי",
        "last_name": "שם משפחה",
        "email": "דוא ל|אימייל|מייל|כתובת מייל|דואר אלקטרוני|כתובת אימייל|כתובת דוא ל|דואל",
        "phone_number": (
            "טלפון|מספר טלפון|נייד|טלפון נייד|מספר נייד|מספר הטלפון|סלולרי|מספר סלולרי|מספר פלאפון"
            "|פלאפון|וואטסאפ|מספר וואטסאפ|טלפון ליצירת קשר"
        ),
        "city": "עיר|עיר מגורים|יישוב|ישוב",
        "zip": "מיקוד",
        "state": "מחוז|מדינה מחוז|אזור",
        "country": "מדינה|ארץ|ארץ מגורים|מדינת מגורים",
        "street": "כתובת|רחוב|כתובת מגורים|כתובת מלאה",
        "street2": "דירה|מספר דירה",
        "company": "חברה|שם החברה|שם חברה|שם העסק|ארגון",
        "job_title": "תפקיד|מקצוע|תואר תפקיד|עיסוק",
        "website": "אתר|אתר אינטרנט|כתובת אתר",
        "consent": "הסכמה|אני מסכים|אני מסכימה|מדיניות פרטיות|אני מאשר|אני מאשרת",
    },
    "fa": {
        "name": "نام و نام خانوادگی|نام کامل|نام شما|نام و فامیل|اسم و فامیل",
        "first_name": "نام|نام کوچک|اسم کوچک",
        "last_name": "نام خانوادگی|فامیل|فامیلی",
        "email": "ایمیل|پست الکترونیک|آدرس ایمیل|پست الکترونیکی|رایانامه",
        "phone_number": (
            "شماره تلفن|تلفن|شماره تماس|شماره موبایل|موبایل|تلفن همراه|شماره تلفن همراه|شماره همراه"
            "|تلفن تماس|شماره واتساپ|همراه"
        ),
        "city": "شهر|شهر محل سکونت",
        "zip": "کد پستی|کدپستی",
        "state": "استان|ایالت|استان محل سکونت",
        "country": "کشور|کشور محل سکونت|کشور منطقه",
        "street": "آدرس|نشانی|خیابان|آدرس محل سکونت|آدرس کامل",
        "street2": "واحد|شماره واحد|پلاک",
        "company": "نام شرکت|شرکت|سازمان|نام سازمان",
        "job_title": "سمت|شغل|عنوان شغلی|سمت شغلی|حرفه",
        "website": "وب سایت|وبسایت|سایت",
        "consent": "موافقم|رضایت|می پذیرم|سیاست حفظ حریم خصوصی|موافقت",
    },
    "ur": {
        "name": "پورا نام|مکمل نام|آپ کا نام|آپ کا پورا نام",
        "first_name": "پہلا نام",
        "last_name": "آخری نام|خاندانی نام",
        "email": "ای میل|ای میل ایڈریس|ای میل پتہ|آپ کا ای میل",
        "phone_number": (
            "فون نمبر|فون|موبائل نمبر|موبائل|رابطہ نمبر|واٹس ایپ نمبر|واٹس ایپ|ٹیلی فون نمبر"
            "|آپ کا فون نمبر|ٹیلیفون نمبر"
        ),
        "city": "شہر|آپ کا شہر|رہائشی شہر",
        "zip": "پوسٹل کوڈ|زپ کوڈ|ڈاک کوڈ",
        "state": "صوبہ|ریاست|صوبہ ریاست",
        "country": "ملک|آپ کا ملک|رہائشی ملک",
        "street": "پتہ|گلی|مکمل پتہ|گھر کا پتہ|ایڈریس",
        "street2": "اپارٹمنٹ نمبر|فلیٹ نمبر",
        "company": "کمپنی|کمپنی کا نام|ادارہ|ادارے کا نام",
        "job_title": "عہدہ|پیشہ|ملازمت|نوکری",
        "website": "ویب سائٹ|ویب سائیٹ",
        "consent": "رضامندی|میں متفق ہوں|میں اتفاق کرتا ہوں|رازداری کی پالیسی",
    },
    "hi": {
        "name": "नाम|पूरा नाम|आपका नाम|आपका पूरा नाम|शुभ नाम",
        "first_name": "पहला नाम|प्रथम नाम",
        "last_name": "उपनाम|अंतिम नाम|सरनेम|कुलनाम",
        "email": "ईमेल|ई मेल|ईमेल पता|ईमेल आईडी|ईमेल एड्रेस",
        "phone_number": (
            "फ़ोन नंबर|फ़ोन|मोबाइल नंबर|मोबाइल|दूरभाष|संपर्क नंबर|व्हाट्सएप नंबर|व्हाट्सएप"
            "|टेलीफोन नंबर|मोबाइल नम्बर|फ़ोन नम्बर|संपर्क सूत्र"
        ),
        "city": "शहर|नगर|आपका शहर",
        "zip": "पिन कोड|पिनकोड|डाक कोड|ज़िप कोड",
        "state": "राज्य|प्रदेश|प्रांत|राज्य प्रांत",
        "country": "देश|आपका देश|निवास का देश",
        "street": "पता|सड़क|पूरा पता|घर का पता|गली",
        "street2": "फ्लैट नंबर|मकान नंबर",
        "company": "कंपनी|कंपनी का नाम|संस्था|व्यवसाय का नाम",
        "job_title": "पद|पेशा|पदनाम|व्यवसाय|नौकरी",
        "website": "वेबसाइट|वेब साइट",
        "consent": "सहमति|मैं सहमत हूं|मैं सहमत हूँ|गोपनीयता नीति|सहमत हूं",
    },
}

# Aliases of the name that mean one part of it where the form asks for the other part too.
MORE_SHORT_NAMES = {
    "it": "il tuo nome",
    "pl": "twoje imię i nazwisko",
    "nl": "naam|uw naam|je naam",
    "uk": "ім я|ваше ім я",
    "ja": "名前|お名前",
    "ko": "이름",
    "zh": "名字|您的名字",
    "ms": "nama anda",
    "he": "שם|השם שלך",
    "fa": "نام شما",
    "ur": "آپ کا نام",
    "hi": "नाम|आपका नाम",
}
