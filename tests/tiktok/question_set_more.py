"""More labels and sentences of forms, by the field each asks for, and other questions."""

WRITTEN_LABELS = {
    "name": (
        "Full Name|Your name|Name*|Contact name|Customer name|Lead name|First and last name"
        "|Name and surname|Nombre y apellidos|Nombre completo|Nom et prénom|Nom complet"
        "|Vor- und Nachname|Vollständiger Name|Nome completo|Nome e sobrenome|Ad Soyad"
        "|Adınız Soyadınız|İsim Soyisim|ФИО|Ф.И.О.|Имя и фамилия|Полное имя|Аты-жөні"
        "|Толық аты-жөніңіз|الاسم الثلاثي|الاسم الكامل|الإسم|اسمك|الاسم بالكامل|Nama Lengkap"
        "|Nama penuh|Họ và tên|Họ tên|ชื่อ-นามสกุล|ชื่อ นามสกุล|姓名|您的姓名|全名|名字"
        "|お名前（フルネーム）|氏名（漢字）|성명|이름을 입력하세요|पूरा नाम|आपका नाम"
        "|نام و نام خانوادگی|نام کامل|پورا نام|שם מלא|שם|Volledige naam|Voor- en achternaam"
        "|Imię i nazwisko|Nome e cognome|Повне ім'я|ПІБ|Прізвище та ім'я"
    ),
    "first_name": (
        "First name|Given name|Forename|Nombre|Prénom|Vorname|Nome|Ad|Имя|Аты|الاسم الأول"
        "|Nama depan|Tên|ชื่อ|名|Voornaam|Imię|Ім'я|שם פרטי|نام|पहला नाम"
    ),
    "last_name": (
        "Last name|Surname|Family name|Apellido|Apellidos|Nom de famille|Nachname"
        "|Familienname|Sobrenome|Soyad|Soyadı|Фамилия|Тегі|اسم العائلة|الاسم الأخير|اللقب"
        "|Nama belakang|Họ|นามสกุล|姓|Achternaam|Nazwisko|Cognome|Прізвище|שם משפחה"
        "|نام خانوادگی|उपनाम|성"
    ),
    "email": (
        "Email|E-mail|e mail|Email address|Mail|Your e-mail|Work email|Business Email|Correo"
        "|Correo electrónico|Dirección de correo electrónico|Adresse e-mail|Adresse mail"
        "|Courriel|E-Mail-Adresse|Endereço de e-mail|E-posta|E-posta adresi|Eposta|Почта"
        "|Эл. почта|Электронная почта|Email-адрес|Электрондық пошта|البريد الإلكتروني|البريد"
        "|الايميل|الإيميل|ايميل|Alamat email|Surel|E-mel|Địa chỉ email|อีเมล|อีเมล์|邮箱"
        "|电子邮箱|電子郵件|信箱|メール|メールアドレス|이메일 주소|메일|ईमेल|ईमेल पता|ایمیل"
        '|ای میل|אימייל|דואר אלקטרוני|דוא"ל|E-mailadres|Adres e-mail|Indirizzo e-mail'
        "|Електронна адреса|Імейл"
    ),
    "phone_number": (
        "Phone|Phone no.|Phone #|Tel|Tel.|Telephone|Mobile|Mobile number|Mobile No|Cell phone"
        "|Cell|Contact number|Contact no|WhatsApp|WhatsApp number|Whatsapp no.|Phone/WhatsApp"
        "|Phone number (WhatsApp)|Teléfono|Teléfono móvil|Celular|Número de celular|Móvil"
        "|Téléphone|N° de téléphone|Numéro de téléphone|Portable|Mobile phone|Telefon"
        "|Telefonnummer|Handynummer|Handy|Rufnummer|Telefone|Telemóvel|Número de telefone"
        "|Telefon numarası|Cep telefonu|Cep No|GSM|Телефон|Номер телефона|Мобильный телефон"
        "|Номер WhatsApp|Ваш номер телефона|Контактный телефон|Телефон нөмірі"
        "|Телефон нөміріңіз|Ұялы телефон|رقم الهاتف|رقم الجوال|الجوال|الهاتف|رقم الموبايل"
        "|رقم الواتساب|رقم الواتس|رقم التواصل|جوال|هاتف|موبايل|Nomor HP|No HP|No. HP"
        "|Nomor telepon|Nomor WhatsApp|No WA|Nombor telefon|No. Telefon|Số điện thoại|SĐT"
        "|Điện thoại|เบอร์โทร|เบอร์โทรศัพท์|โทรศัพท์|เบอร์มือถือ|手机|手机号|手机号码|电话"
        "|联系电话|電話號碼|聯絡電話|電話番号|携帯番号|電話|전화번호|휴대폰|핸드폰 번호"
        "|연락처|फ़ोन नंबर|मोबाइल नंबर|फोन|شماره تلفن|شماره موبایل|شماره تماس|فون نمبر"
        "|موبائل نمبر|טלפון|מספר טלפון|טלפון נייד|נייד|Telefoonnummer|Mobiel nummer"
        "|Numer telefonu|Telefon komórkowy|Numero di telefono|Cellulare|Номер телефону"
        "|Мобільний телефон"
    ),
    "city": (
        "City|Town|Your city|City of residence|Ciudad|Ville|Stadt|Wohnort|Cidade|Şehir|Город"
        "|Ваш город|Қала|المدينة|مدينة|Kota|Bandar|Thành phố|เมือง|城市|所在城市|市区町村"
        "|도시|शहर|شهر|עיר|Stad|Woonplaats|Miasto|Città|Місто"
    ),
    "country": (
        "Country|Country of residence|País|Pays|Land|País de residencia|Ülke|Страна|Ел|الدولة"
        "|البلد|Negara|Quốc gia|ประเทศ|国家|國家|国|국가|देश|کشور|ملک|מדינה|Kraj|Paese"
        "|Nazione|Країна"
    ),
    "company": (
        "Company|Company name|Business name|Organization|Empresa|Nombre de la empresa"
        "|Entreprise|Société|Nom de l'entreprise|Firma|Unternehmen|Firmenname|Şirket"
        "|Şirket adı|Firma adı|Компания|Название компании|Организация|Компания атауы|الشركة"
        "|اسم الشركة|Perusahaan|Nama perusahaan|Syarikat|Công ty|Tên công ty|บริษัท"
        "|ชื่อบริษัท|公司|公司名称|会社名|회사|회사명|कंपनी|نام شرکت|شرکت|کمپنی|חברה|שם החברה"
        "|Bedrijf|Bedrijfsnaam|Firma|Nazwa firmy|Azienda|Nome azienda|Компанія|Назва компанії"
    ),
    "zip": (
        "Zip|ZIP code|Zip/Postal code|Postal code|Postcode|Código postal|Code postal|PLZ"
        "|Postleitzahl|CEP|Posta kodu|Индекс|Почтовый индекс|الرمز البريدي|Kode pos|Poskod"
        "|Mã bưu điện|รหัสไปรษณีย์|邮编|邮政编码|郵遞區號|郵便番号|우편번호|पिन कोड|کد پستی"
        "|מיקוד|CAP|Kod pocztowy|Поштовий індекс"
    ),
    "job_title": (
        "Job title|Position|Puesto|Cargo|Poste|Fonction|Beruf|Berufsbezeichnung|Ünvan|Meslek"
        "|Должность|Лауазымы|المسمى الوظيفي|الوظيفة|Jabatan|Pekerjaan|Chức vụ|Nghề nghiệp"
        "|ตำแหน่ง|职位|職稱|職業|役職|직함|직책"
    ),
    "street": (
        "Address|Street address|Street|Dirección|Domicilio|Adresse|Anschrift|Straße|Endereço"
        "|Rua|Adres|Адрес|Мекенжай|العنوان|Alamat|Địa chỉ|ที่อยู่|地址|住所|주소|पता|آدرس"
        "|כתובת|Indirizzo|Адреса"
    ),
}
WRITTEN_SENTENCES = {
    "phone_number": (
        "What number can we reach you on?|What's the best number to call you?"
        "|Which phone number should we call?|Please enter your phone number"
        "|Enter your mobile number so we can call you|Your WhatsApp number please"
        "|What is your WhatsApp number?|Can we have your phone number?"
        "|How can we contact you by phone?|Where can we call you?"
        "|Phone number we can reach you at|Leave your number and we will call you back"
        "|¿Cuál es tu número de teléfono?|¿A qué número podemos llamarte?"
        "|Déjanos tu número de WhatsApp|¿Cuál es tu celular?"
        "|Indícanos tu teléfono de contacto|Quel est votre numéro de téléphone ?"
        "|À quel numéro peut-on vous joindre ?|Laissez-nous votre numéro"
        "|Wie lautet Ihre Telefonnummer?|Unter welcher Nummer können wir Sie erreichen?"
        "|Qual é o seu número de telefone?|Qual seu WhatsApp?"
        "|Qual o melhor número para contato?|Deixe seu WhatsApp|Telefon numaranız nedir?"
        "|Size hangi numaradan ulaşabiliriz?|Какой у вас номер телефона?"
        "|По какому номеру с вами связаться?|Оставьте ваш номер телефона"
        "|Укажите номер для связи|Ваш номер в WhatsApp"
        "|Сізбен қай нөмір арқылы хабарласуға болады?|Телефон нөміріңізді жазыңыз"
        "|ما هو رقم جوالك؟|ما رقم هاتفك؟|اكتب رقم الجوال|على أي رقم يمكننا التواصل معك؟"
        "|يرجى إدخال رقم الهاتف|رقم الواتساب للتواصل معك|Berapa nomor WhatsApp Anda?"
        "|Nomor yang bisa dihubungi|Số điện thoại của bạn là gì?"
        "|Chúng tôi có thể liên hệ bạn qua số nào?|เบอร์โทรศัพท์ของคุณคืออะไร"
        "|กรุณากรอกเบอร์โทรศัพท์|您的电话号码是多少？|请输入您的手机号码"
        "|我们可以用哪个号码联系您？|お電話番号を教えてください|ご連絡先の電話番号は？"
        "|전화번호를 알려주세요|연락 가능한 전화번호를 입력해 주세요"
        "|आपका मोबाइल नंबर क्या है?|अपना फ़ोन नंबर दर्ज करें|شماره تماس شما چیست؟"
        "|لطفا شماره موبایل خود را وارد کنید|آپ کا موبائل نمبر کیا ہے؟|מה מספר הטלפון שלך?"
        "|באיזה מספר אפשר להתקשר אליך?|Wat is je telefoonnummer?"
        "|Op welk nummer kunnen we je bereiken?|Jaki jest Twój numer telefonu?"
        "|Pod jaki numer możemy zadzwonić?|Qual è il tuo numero di telefono?"
        "|A che numero possiamo chiamarti?|Який ваш номер телефону?"
        "|За яким номером з вами зв'язатися?"
    ),
    "email": (
        "What is your email?|What's your e-mail address?|Where should we send the brochure?"
        "|Which email should we use?|Please provide your email address"
        "|Best email to reach you|¿Cuál es tu correo electrónico?"
        "|¿A qué correo te enviamos la información?|Quelle est votre adresse e-mail ?"
        "|Wie lautet Ihre E-Mail-Adresse?|Wohin dürfen wir das Angebot senden?"
        "|Qual é o seu e-mail?|Qual seu melhor e-mail?|E-posta adresiniz nedir?"
        "|Какая у вас электронная почта?|Укажите вашу почту|На какой e-mail отправить прайс?"
        "|Электрондық поштаңыз қандай?|ما هو بريدك الإلكتروني؟|اكتب بريدك الالكتروني"
        "|Apa alamat email Anda?|Email của bạn là gì?|อีเมลของคุณคืออะไร|您的邮箱是什么？"
        "|请输入您的电子邮箱|メールアドレスを教えてください|이메일을 입력해 주세요"
        "|आपका ईमेल क्या है?|ایمیل شما چیست؟|آپ کا ای میل کیا ہے؟|מה האימייל שלך?"
        "|Wat is je e-mailadres?|Jaki jest Twój adres e-mail?|Qual è la tua email?"
        "|Яка ваша електронна адреса?"
    ),
    "name": (
        "What is your name?|What's your full name?|May we know your name?"
        "|How should we call you?|Please tell us your name|¿Cómo te llamas?"
        "|¿Cuál es tu nombre completo?|Comment vous appelez-vous ?|Quel est votre nom ?"
        "|Wie heißen Sie?|Wie ist Ihr Name?|Qual é o seu nome?|Como você se chama?"
        "|Adınız nedir?|Как вас зовут?|Как к вам обращаться?|Сіздің атыңыз кім?|ما اسمك؟"
        "|ما هو اسمك الكامل؟|Siapa nama Anda?|Tên của bạn là gì?|คุณชื่ออะไร|您叫什么名字？"
        "|请问您的姓名？|お名前を教えてください|이름이 무엇인가요?|성함을 입력해 주세요"
        "|आपका नाम क्या है?|نام شما چیست؟|آپ کا نام کیا ہے؟|מה שמך?|איך קוראים לך?"
        "|Wat is je naam?|Hoe heet je?|Jak się nazywasz?|Come ti chiami?|Qual è il tuo nome?"
        "|Як вас звати?"
    ),
    "city": (
        "What city do you live in?|Which city are you in?|Which city do you live in?"
        "|¿En qué ciudad vives?|Dans quelle ville habitez-vous ?|In welcher Stadt wohnen Sie?"
        "|Em que cidade você mora?|Hangi şehirde yaşıyorsunuz?|В каком городе вы живёте?"
        "|Из какого вы города?|Қай қалада тұрасыз?|في أي مدينة تعيش؟|ما هي مدينتك؟"
        "|Di kota mana Anda tinggal?|Bạn sống ở thành phố nào?|您在哪个城市？"
    ),
    "company": (
        "What is your company name?|What company do you work for?"
        "|What is the name of your company?|¿Cómo se llama tu empresa?"
        "|¿Cuál es el nombre de tu empresa?|Quel est le nom de votre entreprise ?"
        "|Wie heißt Ihr Unternehmen?|Qual o nome da sua empresa?|Şirketinizin adı nedir?"
        "|Как называется ваша компания?|ما اسم شركتك؟|Apa nama perusahaan Anda?"
    ),
    "country": (
        "What country do you live in?|Which country are you from?"
        "|In which country do you live?|¿En qué país vives?|Dans quel pays vivez-vous ?"
        "|In welchem Land leben Sie?|Em qual país você mora?|Hangi ülkede yaşıyorsunuz?"
        "|В какой стране вы живёте?|ما هي دولتك؟|في أي دولة تقيم؟"
    ),
    "job_title": (
        "What is your job title?|What is your position?|¿Cuál es tu cargo?"
        "|Quelle est votre fonction ?|Какая у вас должность?|ما هو مسماك الوظيفي؟"
    ),
}
OTHER_QUESTIONS = [
    ("Nombre d'employés", "25"),
    ("Nombre d'enfants", "3"),
    ("Nombre de chambres", "2"),
    ("Nombre de la mascota", "Rex"),
    ("Nombre del proyecto", "Casa"),
    ("Nombre del hijo", "Luis"),
    ("¿Cuál es el nombre de tu mascota?", "Rex"),
    ("¿Cuál es el nombre de tu hijo?", "Luis"),
    ("Nom de votre projet", "Maison"),
    ("Nom de l'enfant", "Léo"),
    ("Nom de votre chien", "Rex"),
    ("Quel est le nom de votre école ?", "Lycée"),
    ("Name of your child", "Tom"),
    ("Child's name", "Tom"),
    ("Student name?", "Tom"),
    ("Name of school", "X"),
    ("School name", "X"),
    ("Product name", "X"),
    ("Project name", "X"),
    ("What is the name of your dog?", "Rex"),
    ("What is the name of the product?", "X"),
    ("Your favourite city?", "Paris"),
    ("Which city would you like to visit?", "Paris"),
    ("Which city do you want to open a franchise in?", "Paris"),
    ("Destination city", "Paris"),
    ("Departure city", "Paris"),
    ("Delivery city", "Paris"),
    ("Destination country", "Canada"),
    ("Country of interest", "Canada"),
    ("Country of destination", "Canada"),
    ("Which country do you want to move to?", "Canada"),
    ("Which country is your company registered in?", "UAE"),
    ("Country of birth", "Canada"),
    ("Nationality", "Canada"),
    ("Company size", "10"),
    ("Company type", "LLC"),
    ("Number of employees in your company", "12345678"),
    ("Phone model", "iPhone"),
    ("What phone do you use?", "iPhone"),
    ("Phone brand", "Samsung"),
    ("What is your phone's operating system?", "iOS"),
    ("Do you want us to call you?", "yes"),
    ("Best time to call", "14:00"),
    ("Preferred contact method", "WhatsApp"),
    ("How would you like to be contacted?", "Email"),
    ("Would you like to receive emails?", "yes"),
    ("Do you agree to receive emails?", "yes"),
    ("Email marketing budget", "1000"),
    ("How many emails do you send a month?", "50000000"),
    ("Do you use WhatsApp for business?", "yes"),
    ("Land size", "500"),
    ("Land area (m2)", "5000000"),
    ("Plot of land", "yes"),
    ("Job position you are applying for", "Cook"),
    ("Which position are you interested in?", "Cook"),
    ("Desired position", "Cook"),
    ("Zip code of the property", "90210"),
    ("Property address", "Main St 1"),
    ("Address of the property", "Main St 1"),
    ("Delivery address", "Main St 1"),
    ("Street of the event", "Main St 1"),
    ("Budget", "100000000"),
    ("ID number", "1234567890"),
    ("National ID", "1234567890"),
    ("Emirates ID", "784199012345678"),
    ("Passport", "123456789"),
    ("Date of birth", "1990-01-01"),
    ("Your age", "30"),
    ("Referral code", "12345678"),
    ("Order ID", "123456789"),
    ("Invoice number", "+34600111"),
    ("Customer ID", "12345678"),
    ("Friend's phone", "+34600111444"),
    ("Spouse phone number", "+34600111444"),
    ("Parent's phone number", "+34600111444"),
    ("Mother's WhatsApp", "+34600111444"),
    ("Emergency phone", "+34600111444"),
    ("Doctor's phone number", "+34600111444"),
    ("Manager's email", "boss@example.com"),
    ("Partner email", "p@example.com"),
    ("Accountant's e-mail", "a@example.com"),
    ("Your landlord's phone", "+34600111444"),
    ("Teléfono de un familiar", "+34600111444"),
    ("Teléfono de referencia", "+34600111444"),
    ("Correo de tu jefe", "b@example.com"),
    ("Téléphone d'un proche", "+34600111444"),
    ("Telefon des Ehepartners", "+34600111444"),
    ("Telefone do responsável", "+34600111444"),
    ("Acil durumda aranacak kişi", "+34600111444"),
    ("Телефон родителя", "+79161234567"),
    ("Телефон мамы", "+79161234567"),
    ("Имя питомца", "Рекс"),
    ("Имя ребенка", "Олег"),
    ("Название проекта", "X"),
    ("Название товара", "X"),
    ("Город доставки", "Москва"),
    ("В какой город хотите поехать?", "Сочи"),
    ("Страна назначения", "Италия"),
    ("В какую страну хотите поехать?", "Италия"),
    ("Марка телефона", "Samsung"),
    ("Номер заказа", "12345678"),
    ("Серия и номер паспорта", "1234567890"),
    ("ИНН", "1234567890"),
    ("ИИН", "123456789012"),
    ("БСН", "123456789012"),
    ("Номер машины", "A123BC"),
    ("اسم المشروع", "X"),
    ("اسم الطفل", "X"),
    ("اسم المنتج", "X"),
    ("رقم الطلب", "12345678"),
    ("رقم الإقامة", "1234567890"),
    ("رقم الآيبان", "12345678"),
    ("الميزانية", "5000000"),
    ("رقم هاتف ولي الأمر", "+966512345678"),
    ("هاتف الزوج", "+966512345678"),
    ("الدولة التي ترغب بالسفر إليها", "كندا"),
    ("المدينة المفضلة", "دبي"),
    ("عدد الموظفين", "25"),
    ("Nama anak", "Budi"),
    ("Nama produk", "X"),
    ("Kota tujuan", "Bali"),
    ("NIK", "3201234567890001"),
    ("Tên sản phẩm", "X"),
    ("Số CMND", "123456789"),
    ("ชื่อสินค้า", "X"),
    ("产品名称", "X"),
    ("孩子姓名", "X"),
    ("身份证号", "110101199003070000"),
    ("商品名", "X"),
    ("お子様のお名前", "X"),
    ("자녀 이름", "X"),
    ("Nome do pet", "Rex"),
    ("Nome del figlio", "Luca"),
    ("Naam van uw kind", "Tim"),
    ("Imię dziecka", "Jan"),
    ("Ім'я дитини", "Олег"),
    ("Kind Name", "Tim"),
    ("Name des Kindes", "Tim"),
    ("Çocuğunuzun adı", "Ali"),
    ("Bütçeniz", "5000000"),
    ("Your Instagram", "@ana"),
    ("Fax", "+34600111444"),
    ("Fax number", "+34600111444"),
    ("Landline or mobile?", "mobile"),
    ("Number", "12345678"),
    ("Number of rooms", "3"),
    ("Guest count", "12345678"),
    ("Your number of children", "3"),
    ("Registration number", "12345678"),
    ("VAT number", "12345678"),
    ("Bank account", "12345678"),
    ("Loan amount", "5000000"),
    ("Salary", "5000000"),
    ("Kilometers", "15000000"),
    ("How much can you invest?", "10000000"),
    ("Coordinates", "25.2048-55.2708"),
    ("Preferred date", "2026-12-01"),
    ("Event date", "01.12.2026"),
    ("Appointment time", "1795176000"),
    ("Timestamp", "1795176000"),
    ("Ref", "20261120123"),
    ("tracking_id", "1234567890"),
    ("utm_id", "1234567890"),
    ("gclid", "1234567890"),
    ("User agent", "Mozilla"),
    ("IP address", "192.0.2.1"),
    ("IP Address", "2001:db8::1"),
    ("Email subject", "Hello"),
    ("Mail server", "x"),
    ("Postal address of the event", "x"),
]
