"""What the standard questions are called, in each language of TikTok's forms."""

from .standard_aliases_more import MORE_ALIASES, MORE_SHORT_NAMES

STANDARD_ALIASES = {
    "en": {
        "name": (
            "name|full name|fullname|your name|your full name|contact name|customer name|lead name"
            "|first and last name|name and surname"
        ),
        "first_name": "first name|firstname|given name|forename|your first name",
        "last_name": "last name|lastname|surname|family name|your last name",
        "email": (
            "email|e mail|email address|e mail address|mail|work email|business email"
            "|emailaddress|your email|emails|email addresses"
        ),
        "phone_number": (
            "phone number|phone|phonenumber|mobile|mobile number|mobile phone|telephone"
            "|telephone number|tel|cell|cell phone|cellphone|cell phone number|whatsapp"
            "|whatsapp number|work phone|phone no|contact number|your phone number"
            "|mobile phone number|phones|phone numbers"
        ),
        "city": "city|town|town city|city town|city of residence|home town|hometown",
        "zip": "zip|zip code|zipcode|postcode|post code|postal code|postalcode|zip postal code",
        "state": "state|province|region|state province|province state|county|state region",
        "country": "country|country region|country code|country of residence",
        "street": "address|street|street address|address line 1|street address line 1|home address",
        "street2": "address line 2|street 2|street2|unit|apartment|unit number",
        "company": (
            "company|company name|companyname|business name|business|organization|organisation"
        ),
        "job_title": "job title|jobtitle|job position|position|occupation|title|job|profession",
        "website": "website|web site|company website|website url",
        "consent": (
            "consent|i agree|i consent|i agree to be contacted|marketing consent|privacy policy"
            "|terms and conditions|i agree to the privacy policy|i accept the privacy policy"
            "|i agree to the terms and conditions|disclaimer"
        ),
    },
    "ar": {
        "name": "الاسم|الاسم الكامل|الاسم بالكامل|الاسم الثلاثي|اسمك|اسم العميل|اسم",
        "first_name": "الاسم الأول|الاسم الاول",
        "last_name": "اسم العائلة|الاسم الأخير|اللقب|الكنية|اسم الأسرة",
        "email": (
            "البريد الإلكتروني|البريد الالكتروني|بريد إلكتروني|الإيميل|ايميل"
            "|عنوان البريد الإلكتروني"
        ),
        "phone_number": (
            "رقم الهاتف|الهاتف|رقم الجوال|الجوال|رقم الموبايل|الموبايل|رقم التليفون|التليفون"
            "|رقم الهاتف المحمول|الهاتف المحمول|رقم الواتساب|رقم الواتس اب|واتساب|رقم التواصل"
        ),
        "city": "المدينة|مدينة|مدينتك",
        "zip": "الرمز البريدي|رمز بريدي",
        "state": "المحافظة|الولاية|المنطقة|الإمارة|المقاطعة|الولاية المقاطعة",
        "country": "الدولة|البلد|بلد الإقامة|الدولة المنطقة|البلد المنطقة",
        "street": "العنوان|الشارع|عنوان الشارع|عنوانك|عنوان السكن",
        "street2": "الشقة|رقم الشقة|رقم الوحدة",
        "company": "الشركة|اسم الشركة|شركة|المؤسسة",
        "job_title": "المسمى الوظيفي|الوظيفة|المهنة|المنصب",
        "website": "الموقع الإلكتروني|موقع الويب|الموقع",
        "consent": "أوافق|الموافقة|سياسة الخصوصية|الشروط والأحكام|أوافق على سياسة الخصوصية",
    },
    "ru": {
        "name": "имя|фио|ф и о|полное имя|ваше имя|имя и фамилия|фамилия имя|фамилия имя отчество",
        "first_name": "первое имя",
        "last_name": "фамилия|ваша фамилия",
        "email": (
            "эл почта|электронная почта|адрес электронной почты|почта|емейл|имейл"
            "|адрес эл почты|ваша почта"
        ),
        "phone_number": (
            "номер телефона|телефон|мобильный телефон|мобильный|номер мобильного телефона"
            "|контактный телефон|ваш телефон|ваш номер телефона|ватсап|номер whatsapp|номер"
        ),
        "city": "город|населенный пункт|ваш город",
        "zip": "индекс|почтовый индекс",
        "state": "область|регион|край|область регион|провинция",
        "country": "страна|страна регион",
        "street": "адрес|улица|домашний адрес|ваш адрес",
        "street2": "квартира|номер квартиры",
        "company": "компания|название компании|организация|название организации",
        "job_title": "должность|профессия|род занятий",
        "website": "сайт|веб сайт|вебсайт|сайт компании",
        "consent": (
            "согласие|я согласен|я согласна|согласие на обработку персональных данных"
            "|политика конфиденциальности"
        ),
    },
    "kk": {
        "name": "аты жөні|аты жөніңіз|толық аты жөніңіз|толық аты|толық аты жөні|есім",
        "first_name": "аты|атыңыз",
        "last_name": "тегі|тегіңіз",
        "email": "электрондық пошта|эл пошта|пошта|электрондық пошта мекенжайы",
        "phone_number": "телефон нөмірі|ұялы телефон|байланыс телефоны|телефоныңыз",
        "city": "қала|қалаңыз",
        "zip": "пошта индексі",
        "state": "облыс|аймақ",
        "country": "ел|мемлекет",
        "street": "мекенжай|мекенжайы|көше",
        "company": "компания атауы|ұйым",
        "job_title": "лауазымы|лауазым|мамандығы",
        "website": "веб сайт",
        "consent": "келісім|келісемін",
    },
    "es": {
        "name": "nombre|nombre completo|nombre y apellido|nombre y apellidos|nombres y apellidos",
        "first_name": "primer nombre|nombre de pila|nombres",
        "last_name": "apellido|apellidos|primer apellido",
        "email": (
            "correo|correo electrónico|email address|dirección de correo electrónico"
            "|dirección de correo|dirección de email"
        ),
        "phone_number": (
            "número de teléfono|teléfono|celular|móvil|teléfono móvil|número de celular"
            "|número de móvil|teléfono celular|número telefónico|número de whatsapp|telefono"
            "|número de contacto|número"
        ),
        "city": "ciudad|localidad|municipio|población",
        "zip": "código postal|cp|c p",
        "state": "estado|provincia|región|departamento|comunidad autónoma|estado provincia",
        "country": "país|país región|país de residencia",
        "street": "dirección|calle|domicilio",
        "street2": "apartamento|piso|unidad",
        "company": "empresa|nombre de la empresa|compañía|nombre de empresa|organización",
        "job_title": "cargo|puesto|puesto de trabajo|ocupación|profesión",
        "website": "sitio web|página web|web",
        "consent": (
            "consentimiento|acepto|estoy de acuerdo|política de privacidad"
            "|acepto la política de privacidad|términos y condiciones"
        ),
    },
    "fr": {
        "name": "nom|nom complet|nom et prénom|prénom et nom|nom prénom|votre nom",
        "first_name": "prénom|votre prénom|prénoms",
        "last_name": "nom de famille",
        "email": (
            "adresse e mail|adresse email|adresse mail|courriel|adresse électronique"
            "|adresse courriel|votre e mail"
        ),
        "phone_number": (
            "numéro de téléphone|téléphone|portable|mobile|numéro de portable|tél|n de téléphone"
            "|téléphone portable|téléphone mobile|numéro de mobile|numéro whatsapp"
        ),
        "city": "ville|commune|localité",
        "zip": "code postal",
        "state": "état|province|région|département|état province",
        "country": "pays|pays région|pays de résidence",
        "street": "adresse|rue|adresse postale",
        "street2": "complément d adresse|appartement",
        "company": "entreprise|société|nom de l entreprise|nom de la société|nom de société",
        "job_title": "poste|fonction|profession|intitulé du poste|métier",
        "website": "site web|site internet|site",
        "consent": (
            "consentement|j accepte|politique de confidentialité"
            "|j accepte la politique de confidentialité|conditions générales"
        ),
    },
    "de": {
        "name": "name|vollständiger name|vor und nachname|vorname nachname|ihr name|ganzer name",
        "first_name": "vorname|ihr vorname",
        "last_name": "nachname|familienname|zuname",
        "email": "e mail adresse|emailadresse|mailadresse|ihre e mail adresse",
        "phone_number": (
            "telefonnummer|telefon|handynummer|handy|mobilnummer|mobiltelefon|rufnummer"
            "|ihre telefonnummer|mobilfunknummer|whatsapp nummer"
        ),
        "city": "stadt|ort|wohnort",
        "zip": "plz|postleitzahl",
        "state": "bundesland|kanton|provinz",
        "country": "land|land region",
        "street": "adresse|straße|anschrift|straße und hausnummer|straße hausnummer",
        "street2": "adresszusatz|wohnung",
        "company": "firma|unternehmen|firmenname|name des unternehmens",
        "job_title": "beruf|berufsbezeichnung|jobtitel|stellenbezeichnung|tätigkeit|funktion",
        "website": "webseite|internetseite|homepage",
        "consent": "einwilligung|ich stimme zu|einverständnis|datenschutz|datenschutzerklärung",
    },
    "pt": {
        "name": "nome|nome completo|seu nome|nome e sobrenome|nome e apelido",
        "first_name": "primeiro nome|nome próprio",
        "last_name": "sobrenome|último nome|apelido",
        "email": "endereço de e mail|seu e mail|correio eletrónico|endereço de email",
        "phone_number": (
            "número de telefone|telefone|celular|telemóvel|número de celular|telefone celular"
            "|número de telemóvel|número do whatsapp|telefone com ddd|número de whatsapp"
        ),
        "city": "cidade|município",
        "zip": "cep|código postal",
        "state": "estado|província|região|uf|distrito",
        "country": "país|país região|país de residência",
        "street": "endereço|rua|morada|logradouro",
        "street2": "complemento|apartamento",
        "company": "empresa|nome da empresa|companhia",
        "job_title": "cargo|profissão|ocupação|função",
        "website": "site|página web|site da empresa",
        "consent": "consentimento|aceito|concordo|política de privacidade|termos e condições",
    },
    "tr": {
        "name": (
            "ad soyad|adı soyadı|adınız soyadınız|ad ve soyad|isim soyisim|isim|tam ad|tam adınız"
        ),
        "first_name": "ad|adı|adınız|ilk ad",
        "last_name": "soyad|soyadı|soyadınız|soyisim",
        "email": "e posta|eposta|e posta adresi|e posta adresiniz|mail adresi",
        "phone_number": (
            "telefon numarası|telefon|cep telefonu|telefon numaranız|cep telefonu numarası|gsm"
            "|cep numarası|whatsapp numarası|iletişim numarası|cep telefonunuz"
        ),
        "city": "şehir|il|şehriniz",
        "zip": "posta kodu",
        "state": "eyalet|bölge|ilçe|eyalet il",
        "country": "ülke|ülke bölge|ülkeniz",
        "street": "adres|adresiniz|sokak|açık adres",
        "street2": "daire|daire no",
        "company": "şirket|şirket adı|firma|firma adı",
        "job_title": "unvan|ünvan|meslek|iş unvanı|pozisyon|mesleğiniz",
        "website": "web sitesi|internet sitesi|web sayfası",
        "consent": "onay|kabul ediyorum|onaylıyorum|gizlilik politikası|açık rıza",
    },
    "id": {
        "name": "nama|nama lengkap|nama anda|nama lengkap anda",
        "first_name": "nama depan",
        "last_name": "nama belakang|nama keluarga",
        "email": "alamat email|alamat e mail|surel|email anda",
        "phone_number": (
            "nomor telepon|nomor hp|no hp|no telepon|telepon|nomor whatsapp|no whatsapp|no wa"
            "|nomor wa|nomor ponsel|nomor handphone|handphone|nomor telepon anda|hp"
        ),
        "city": "kota|kota kabupaten|kabupaten",
        "zip": "kode pos",
        "state": "provinsi|negara bagian|provinsi negara bagian",
        "country": "negara|negara wilayah",
        "street": "alamat|jalan|alamat lengkap|alamat rumah",
        "company": "perusahaan|nama perusahaan|nama bisnis",
        "job_title": "jabatan|pekerjaan|profesi",
        "website": "situs web|situs",
        "consent": "persetujuan|saya setuju|kebijakan privasi",
    },
    "vi": {
        "name": "họ và tên|họ tên|tên đầy đủ|họ và tên đầy đủ|họ tên đầy đủ|tên của bạn",
        "first_name": "tên",
        "last_name": "họ",
        "email": "địa chỉ email|thư điện tử|địa chỉ e mail",
        "phone_number": (
            "số điện thoại|điện thoại|sđt|số điện thoại di động|số zalo|số điện thoại zalo"
            "|số điện thoại của bạn|số di động|số điện thoại liên hệ"
        ),
        "city": "thành phố|tỉnh thành phố|tỉnh thành",
        "zip": "mã bưu điện|mã bưu chính|mã zip",
        "state": "tỉnh|bang|tiểu bang",
        "country": "quốc gia|nước|quốc gia khu vực",
        "street": "địa chỉ|đường|địa chỉ nhà|địa chỉ đường phố",
        "company": "công ty|tên công ty|doanh nghiệp|tên doanh nghiệp",
        "job_title": "chức vụ|nghề nghiệp|chức danh|công việc",
        "website": "trang web",
        "consent": "đồng ý|tôi đồng ý|chính sách bảo mật|chính sách quyền riêng tư",
    },
    "th": {
        "name": "ชื่อ|ชื่อนามสกุล|ชื่อ นามสกุล|ชื่อเต็ม|ชื่อ สกุล|ชื่อของคุณ|ชื่อและนามสกุล",
        "first_name": "ชื่อจริง|ชื่อต้น",
        "last_name": "นามสกุล|สกุล",
        "email": "อีเมล|อีเมล์|ที่อยู่อีเมล",
        "phone_number": (
            "หมายเลขโทรศัพท์|เบอร์โทรศัพท์|เบอร์โทร|โทรศัพท์|เบอร์มือถือ|เบอร์โทรศัพท์มือถือ|เบอร์ติดต่อ"
            "|มือถือ|หมายเลขโทรศัพท์มือถือ"
        ),
        "city": "เมือง|เขต อำเภอ|อำเภอ",
        "zip": "รหัสไปรษณีย์",
        "state": "จังหวัด|รัฐ|รัฐ จังหวัด|ภูมิภาค",
        "country": "ประเทศ|ประเทศ ภูมิภาค",
        "street": "ที่อยู่|ถนน",
        "company": "บริษัท|ชื่อบริษัท|ชื่อธุรกิจ",
        "job_title": "ตำแหน่ง|ตำแหน่งงาน|อาชีพ",
        "website": "เว็บไซต์",
        "consent": "ยินยอม|ความยินยอม|ฉันยอมรับ|ฉันยินยอม|นโยบายความเป็นส่วนตัว",
    },
    **MORE_ALIASES,
}

# Aliases of the name that mean one part of it where the form asks for the other part too.
SHORT_NAME_ALIASES = {
    "en": "name|your name",
    "ar": "الاسم|اسمك|اسم",
    "ru": "имя|ваше имя",
    "kk": "есім",
    "es": "nombre",
    "fr": "nom|votre nom",
    "de": "name|ihr name",
    "pt": "nome|seu nome",
    "tr": "isim",
    "id": "nama|nama anda",
    "vi": "tên của bạn",
    "th": "ชื่อ|ชื่อของคุณ",
    **MORE_SHORT_NAMES,
}
