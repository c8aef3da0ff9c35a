"""Labels and sentences as forms have them, by language and the field each asks for."""

LABELS = {
    "it": {
        "name": "Nome e cognome",
        "last_name": "Cognome",
        "email": "Indirizzo email",
        "phone_number": "Numero di telefono|Cellulare",
        "city": "Città",
        "zip": "CAP",
        "company": "Nome azienda",
        "country": "Paese",
    },
    "pl": {
        "name": "Imię i nazwisko",
        "first_name": "Imię",
        "last_name": "Nazwisko",
        "email": "Adres e-mail",
        "phone_number": "Numer telefonu|Telefon komórkowy",
        "city": "Miasto",
        "zip": "Kod pocztowy",
        "company": "Nazwa firmy",
    },
    "nl": {
        "name": "Volledige naam",
        "first_name": "Voornaam",
        "last_name": "Achternaam",
        "email": "E-mailadres",
        "phone_number": "Telefoonnummer",
        "city": "Woonplaats",
        "zip": "Postcode",
        "company": "Bedrijfsnaam",
        "job_title": "Functie",
    },
    "uk": {
        "name": "Ім'я|Ім’я та прізвище",
        "last_name": "Прізвище",
        "email": "Електронна пошта",
        "phone_number": "Номер телефону",
        "city": "Місто",
        "zip": "Поштовий індекс",
        "country": "Країна",
        "company": "Назва компанії",
    },
    "ja": {
        "name": "お名前|氏名",
        "email": "メールアドレス",
        "phone_number": "電話番号|携帯電話番号",
        "zip": "郵便番号",
        "state": "都道府県",
        "company": "会社名",
        "street": "ご住所",
    },
    "ko": {
        "name": "이름|성함",
        "email": "이메일",
        "phone_number": "전화번호|휴대폰 번호|연락처",
        "street": "주소",
        "company": "회사명",
        "zip": "우편번호",
    },
    "zh": {
        "name": "姓名",
        "email": "邮箱|電子郵件",
        "phone_number": "手机号码|電話號碼|联系电话",
        "city": "城市",
        "company": "公司名称",
        "street": "详细地址",
    },
    "ms": {
        "name": "Nama penuh",
        "phone_number": "Nombor telefon|No. telefon|Nombor telefon bimbit",
        "email": "Alamat e-mel",
        "city": "Bandar",
        "state": "Negeri",
        "zip": "Poskod",
        "company": "Nama syarikat",
    },
    "he": {
        "name": "שם מלא",
        "first_name": "שם פרטי",
        "last_name": "שם משפחה",
        "phone_number": "טלפון נייד|מספר טלפון",
        "email": 'דוא"ל|כתובת מייל',
        "city": "עיר מגורים",
        "company": "שם החברה",
    },
    "fa": {
        "name": "نام و نام خانوادگی",
        "phone_number": "شماره تماس|شماره موبایل",
        "email": "ایمیل",
        "city": "شهر",
        "state": "استان",
        "zip": "کد پستی",
        "company": "نام شرکت",
        "last_name": "نام خانوادگی",
    },
    "ur": {
        "name": "پورا نام",
        "phone_number": "فون نمبر|موبائل نمبر|واٹس ایپ نمبر",
        "email": "ای میل",
        "city": "شہر",
        "street": "پتہ",
        "country": "ملک",
        "company": "کمپنی کا نام",
    },
    "hi": {
        "name": "पूरा नाम",
        "phone_number": "मोबाइल नंबर|फ़ोन नंबर",
        "email": "ईमेल",
        "city": "शहर",
        "zip": "पिन कोड",
        "state": "राज्य",
        "company": "कंपनी का नाम",
        "street": "पता",
    },
}
# What a phone number and an e-mail address look like in the answers to the sentences below.
ANSWERS = {
    "phone_number": "+34600111444",
    "email": "ana@example.com",
    "name": "Ana Pérez",
    "city": "Lima",
    "company": "ACME",
    "country": "Peru",
    "zip": "15001",
}
SENTENCES = {
    "en": {
        "phone_number": (
            "What number can we reach you on?|What's your phone number?"
            "|Which is the best number to call you?|Your WhatsApp number please"
        ),
        "email": "Where should we send the brochure?|What is your email address?",
        "name": "What is your full name?|Please enter your name",
        "city": "In which city do you live?",
        "company": "What company do you work for?",
    },
    "ar": {
        "phone_number": "ما هو رقم هاتفك؟|على أي رقم يمكننا الاتصال بك؟|رقم الواتساب الخاص بك",
        "email": "ما هو بريدك الإلكتروني؟",
        "name": "ما اسمك؟|من فضلك اكتب اسمك الكامل",
        "city": "في أي مدينة تسكن؟",
    },
    "ru": {
        "phone_number": "По какому номеру вам позвонить?|Укажите ваш номер телефона",
        "email": "Куда отправить презентацию?|Введите вашу почту",
        "name": "Как вас зовут?",
        "city": "В каком городе вы живёте?",
        "company": "Как называется ваша компания?",
    },
    "kk": {
        "phone_number": "Сізге қай нөмірге қоңырау шалайық?|Телефон нөміріңіз қандай?",
        "name": "Сіздің атыңыз кім?",
        "city": "Қай қалада тұрасыз?",
    },
    "es": {
        "phone_number": "¿Cuál es tu número de WhatsApp?|¿A qué número te llamamos?",
        "name": "¿Cuál es tu nombre?|¿Cómo te llamas?",
        "email": "¿Cuál es tu correo electrónico?",
        "city": "¿En qué ciudad vives?",
        "company": "¿Cómo se llama tu empresa?",
    },
    "fr": {
        "phone_number": (
            "Quel est votre numéro de téléphone ?|À quel numéro pouvons-nous vous joindre ?"
        ),
        "email": "Quelle est votre adresse e-mail ?",
        "name": "Comment vous appelez-vous ?",
        "zip": "Quel est votre code postal ?",
        "city": "Dans quelle ville habitez-vous ?",
    },
    "de": {
        "phone_number": "Wie lautet Ihre Telefonnummer?|Unter welcher Nummer erreichen wir Sie?",
        "name": "Wie heißen Sie?",
        "email": "Wie lautet Ihre E-Mail-Adresse?",
        "city": "In welcher Stadt wohnen Sie?",
        "zip": "Bitte geben Sie Ihre Postleitzahl ein",
    },
    "pt": {
        "phone_number": "Qual é o seu WhatsApp?|WhatsApp para falar com você",
        "name": "Qual o seu nome completo?",
        "email": "Qual é o seu melhor e-mail?",
        "city": "Em que cidade você mora?",
        "company": "Qual o nome da sua empresa?",
    },
    "tr": {
        "phone_number": "Telefon numaranız nedir?|Size hangi numaradan ulaşabiliriz?",
        "name": "Adınız nedir?",
        "email": "E-posta adresiniz nedir?",
        "city": "Hangi şehirde yaşıyorsunuz?",
    },
    "id": {
        "phone_number": "Berapa nomor WhatsApp Anda?|Nomor yang bisa dihubungi?",
        "name": "Siapa nama lengkap Anda?",
        "email": "Apa alamat email Anda?",
        "city": "Di kota mana Anda tinggal?",
    },
    "vi": {
        "phone_number": "Số điện thoại của bạn là gì?|Chúng tôi có thể gọi cho bạn theo số nào?",
        "name": "Tên của bạn là gì?",
        "email": "Vui lòng nhập email",
    },
    "th": {
        "phone_number": "เบอร์โทรศัพท์ที่ติดต่อได้|กรุณากรอกเบอร์โทร",
        "name": "คุณชื่ออะไร",
        "email": "อีเมลของคุณคืออะไร",
    },
    "it": {
        "phone_number": "Qual è il tuo numero di telefono?|A quale numero possiamo chiamarti?",
        "name": "Come ti chiami?",
        "email": "Qual è la tua email?",
        "city": "In quale città vivi?",
    },
    "pl": {
        "phone_number": "Podaj numer telefonu|Pod jaki numer możemy zadzwonić?",
        "name": "Jak się nazywasz?",
        "email": "Podaj swój adres e-mail",
        "city": "W jakim mieście mieszkasz?",
    },
    "nl": {
        "phone_number": "Wat is je telefoonnummer?|Op welk nummer kunnen we je bereiken?",
        "name": "Hoe heet je?",
        "email": "Wat is uw e-mailadres?",
        "city": "In welke stad woon je?",
    },
    "uk": {
        "phone_number": "Вкажіть ваш номер телефону|За яким номером вам зателефонувати?",
        "name": "Як вас звати?",
        "city": "В якому місті ви живете?",
    },
    "ja": {
        "phone_number": "電話番号を教えてください|ご連絡先をお知らせください",
        "name": "お名前を入力してください",
        "email": "メールアドレスをご記入ください",
    },
    "ko": {
        "phone_number": "전화번호를 입력해 주세요|연락 가능한 번호를 남겨주세요",
        "name": "성함이 어떻게 되세요?",
        "email": "이메일을 알려주세요",
    },
    "zh": {
        "phone_number": "您的手机号码是多少？",
        "name": "请输入您的姓名",
        "email": "请填写邮箱",
        "city": "您在哪个城市？",
    },
    "he": {
        "phone_number": "מה מספר הטלפון שלך?",
        "name": "איך קוראים לך?",
        "email": "מה כתובת המייל שלך?",
        "city": "באיזו עיר אתה גר?",
    },
    "fa": {
        "phone_number": "شماره تماس شما چیست؟",
        "name": "نام شما چیست؟",
        "email": "لطفاً ایمیل خود را وارد کنید",
    },
    "ur": {
        "phone_number": "آپ کا فون نمبر کیا ہے؟",
        "name": "آپ کا نام کیا ہے؟",
        "email": "براہ کرم اپنا ای میل درج کریں",
    },
    "hi": {
        "phone_number": "आपका मोबाइल नंबर क्या है?",
        "name": "आपका नाम क्या है?",
        "email": "कृपया अपना ईमेल दर्ज करें",
    },
    "ms": {
        "phone_number": "Apakah nombor telefon anda?",
        "name": "Siapa nama penuh anda?",
        "email": "Sila isi alamat e-mel anda",
    },
}
# Asked before the words above were complete: 83 of these 95 were recognized then, none wrongly.
MORE_SENTENCES = {
    "phone_number": (
        "What phone number should we use to contact you?"
        "|Best way to reach you by phone|Drop your digits"
        "|¿Me compartes tu teléfono?|Déjanos tu número para contactarte"
        "|Número de celular (WhatsApp)|Qual seu telefone para contato?"
        "|Telefone/WhatsApp|Votre numéro de portable|Numéro pour vous rappeler"
        "|Ihre Handynummer|Wie können wir Sie telefonisch erreichen?"
        "|Номер телефона для связи с вами|Оставьте номер WhatsApp"
        "|الرجاء إدخال رقم الجوال|رقم للتواصل|Cep telefonu numaranızı yazınız"
        "|No. WhatsApp yang aktif|Vui lòng để lại số điện thoại"
        "|เบอร์โทรศัพท์ของคุณ|Line ID / เบอร์โทร|Il tuo numero di cellulare"
        "|Twój numer telefonu|Uw telefoonnummer|Ваш номер телефону|お電話番号|ご連絡先"
        "|휴대전화번호를 알려주세요|请留下您的联系电话|המספר שלך לחזרה"
        "|شماره موبایل خود را وارد کنید"
        "|कृपया अपना फोन नंबर लिखें|Nombor yang boleh dihubungi"
        "|Сізбен байланысу үшін телефон нөміріңізді қалдырыңыз"
        "|آپ کا موبائل نمبر"
    ),
    "name": (
        "May we know your name?|What should we call you?"
        "|¿Cuál es tu nombre completo?|Nombre y apellidos|Qual é o seu nome?"
        "|Quel est votre nom et prénom ?|Ihr vollständiger Name"
        "|Wie ist Ihr Name?|Ваше имя и фамилия|اسمك الكريم|Adınız ve soyadınız"
        "|Nama Anda siapa?|Họ và tên của bạn|ชื่อ-สกุล ของท่าน"
        "|Il tuo nome e cognome|Twoje imię i nazwisko|Wat is jouw naam?"
        "|Ваше ім'я|お名前（フルネーム）|성함을 적어주세요|请问怎么称呼您？|שם מלא בבקשה"
        "|نام و نام خانوادگی شما|आपका पूरा नाम क्या है?|Nama penuh anda"
        "|Аты-жөніңіз|اپنا پورا نام لکھیں"
    ),
    "email": (
        "Type your e-mail here|What's the best email for you?"
        "|Where can we email you the quote?|Escribe tu correo"
        "|Digite seu melhor e-mail|Votre adresse mail|Deine E-Mail|Ваш e-mail"
        "|ادخل بريدك الالكتروني|E-mail adresiniz|Email aktif|Email của bạn"
        "|La tua mail|Twój adres e-mail|Jouw e-mailadres|Ваша електронна адреса"
        "|ご希望の連絡先メール|이메일 주소를 입력해주세요|您的邮箱地址|מייל לשליחת פרטים|ایمیل شما"
        "|आपका ईमेल पता|Emel anda"
    ),
    "city": (
        "What city are you located in?|¿De qué ciudad nos escribes?|Sua cidade"
        "|Votre ville|Ваш город|مدينة السكن|Yaşadığınız şehir"
    ),
    "zip": ("What's your zip code?"),
    "company": ("Your company name?"),
    "job_title": ("What is your job title?"),
}
