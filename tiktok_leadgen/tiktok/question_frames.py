"""What stands around a standard question where it is a sentence: "What is your … ?".

Languages that are written without spaces have theirs in `JOINED_BEFORE` and `JOINED_AFTER`.
"Which city" or "preferred country" is none: it may ask for a destination.
"""

BEFORE = {
    "en": (
        "may we know your|may i know your|what is your|what s your|whats your|what is the best"
        "|what s the best|what is|what are your|please enter your|please provide your"
        "|please share your|please write your|please fill in|please fill in your"
        "|please give us your|please leave your|please type your|please tell us"
        "|please tell us your|please confirm your|enter your|enter|provide your|share your|your"
        "|write your|fill in your|give us your|leave your|type your|tell us your|confirm your"
        "|my|may we have your|can we have your|could you share your|could you tell us your"
        "|add your|can you share your|please|your best|your current|current"
        "|what is your current|what is the name of your|the name of your|name of your"
        "|what is your best"
    ),
    "ar": (
        "ما هو|ما هي|ما|من فضلك ادخل|يرجي ادخال|يرجى ادخال|ادخل|اكتب|يرجي كتابه|الرجاء ادخال"
        "|الرجاء كتابه|من فضلك اكتب|فضلا ادخل|فضلا اكتب|ارجو كتابه|نرجو كتابه|اكتب لنا|ما اسم"
        "|برجاء كتابه|برجاء ادخال|يرجي تزويدنا ب|زودنا ب|شاركنا"
    ),
    "ru": (
        "укажите|введите|напишите|оставьте|ваш|ваша|ваше|ваши|укажите ваш|укажите ваше|мой"
        "|укажите вашу|введите ваш|введите ваше|введите вашу|напишите ваш|напишите ваше|свой"
        "|напишите вашу|оставьте ваш|оставьте свой|какой у вас|какой ваш|пожалуйста укажите"
        "|пожалуйста введите|введите свой|укажите свой|введите свое|укажите свою|укажите свое"
        "|какая у вас|ваш контактный|название вашей|какое у вас"
    ),
    "kk": "сіздің|өз|енгізіңіз|көрсетіңіз|өтінеміз",
    "es": (
        "cual es tu|cual es su|cual es el|cual es|tu|su|ingresa tu|ingrese su|escribe tu|mi"
        "|escriba su|dejanos tu|indica tu|indique su|por favor ingresa tu|por favor indica tu"
        "|por favor escribe tu|introduce tu|introduzca su|comparte tu|cual es la"
        "|cual es el nombre de tu|nombre de tu|dinos tu|danos tu|completa tu|coloca tu|deja tu"
    ),
    "fr": (
        "quel est votre|quelle est votre|quel est ton|quelle est ta|votre|ton|ta|indiquez votre"
        "|entrez votre|saisissez votre|merci d indiquer votre|renseignez votre"
        "|veuillez saisir votre|veuillez indiquer votre|veuillez entrer votre|laissez votre|mon"
        "|quel est le nom de votre|nom de votre|donnez votre|veuillez renseigner votre"
    ),
    "de": (
        "wie lautet ihr|wie lautet ihre|wie lautet dein|wie lautet deine|wie ist ihr"
        "|wie ist ihre|wie ist dein|wie ist deine|was ist ihr|was ist ihre|was ist dein"
        "|was ist deine|ihr|ihre|dein|deine|bitte geben sie ihre|bitte geben sie ihren"
        "|bitte gib deine|bitte gib deinen|bitte ihre|bitte deine|nennen sie uns ihre"
        "|geben sie ihre|geben sie ihren|gib deine|gib deinen|trage deine"
    ),
    "pt": (
        "qual e o seu|qual o seu|qual seu|qual e seu|seu|sua|o seu|a sua|informe seu"
        "|informe sua|digite seu|digite sua|qual e a sua|qual a sua|qual sua|deixe seu"
        "|escreva seu|insira seu|insira sua|por favor informe seu|preencha seu|preencha com seu"
        "|nos informe seu|qual e o nome da sua|qual o nome da sua|nome da sua|qual e o teu"
        "|o teu|meu|coloque seu|me informe seu"
    ),
    "tr": "lutfen|sizin|lutfen gecerli|sirketinizin",
    "id": (
        "apa|berapa|siapa|apakah|masukkan|silakan isi|mohon isi|isi|silahkan isi|tuliskan|tulis"
        "|mohon masukkan|silakan masukkan|sila masukkan|sila isi|sila nyatakan|apakah nama|anda"
        "|nyatakan|bagikan|cantumkan"
    ),
    "vi": (
        "vui long nhap|vui long cho biet|nhap|xin cho biet|cho biet|vui long dien|dien"
        "|ban hay nhap|hay nhap|de lai|vui long de lai"
    ),
    "it": (
        "qual e il tuo|qual e la tua|qual e il suo|qual e la sua|il tuo|la tua|il suo|la sua"
        "|mio|inserisci il tuo|inserisci la tua|inserisci|inserire|indica il tuo|indica la tua"
        "|tuo|tua|scrivi il tuo|scrivi la tua|lasciaci il tuo|lascia il tuo"
        "|qual e il nome della tua|nome della tua|inserisca il suo|per favore inserisci il tuo"
    ),
    "pl": (
        "jaki jest twoj|jaka jest twoja|jakie jest twoje|jaki masz|podaj|podaj swoj|podaj swoje"
        "|prosze podac|wpisz|wpisz swoj|wpisz swoje|twoj|twoja|twoje|panstwa|panstwa firma|moj"
        "|prosze wpisac|zostaw|zostaw swoj|jaki jest panstwa|swoj|jak brzmi twoj"
        "|jak brzmi twoje|podaj nam swoj|prosimy podac"
    ),
    "nl": (
        "wat is je|wat is uw|wat is jouw|vul je|vul uw|je|uw|jouw|geef je|geef uw|vul hier je"
        "|mijn|vul hier uw|wat is de naam van je|wat is de naam van uw|naam van je|naam van uw"
        "|laat je|laat uw|wat is het"
    ),
    "uk": (
        "який ваш|яка ваша|яке ваше|ваш|ваша|ваше|вкажіть|введіть|вкажіть ваш|вкажіть ваше|мій"
        "|вкажіть вашу|введіть ваш|введіть ваше|введіть вашу|напишіть|напишіть ваш|залиште|свій"
        "|залиште ваш|залиште свій|який у вас|будь ласка вкажіть|будь ласка введіть"
        "|вкажіть свій|введіть свій|назва вашої"
    ),
    "he": "מה|מהו|מהי|הזן|הזן את|הזיני את|נא להזין|אנא הזינו|אנא הזן|נא למלא|מלאו|רשום|נא לרשום",
    "fa": "لطفا|لطفا شماره|خود را|لطفا نام",
    "ur": "اپ كا|اپ كي|براه كرم|اپنا|اپني|براه كرم اپنا|براه كرم اپني",
    "hi": "आपका|आपकी|अपना|अपनी|कृपया|कृपया अपना|कृपया अपनी|आपके",
}
AFTER = {
    "en": (
        "please|to contact you|so we can contact you|so we can reach you|we can reach you on"
        "|here|we can contact you on|to reach you|to call you|where we can reach you"
        "|where we can contact you|for contact|to reach you on|to contact you on|below|required"
        "|optional|so we can call you|we can call you on|s name"
    ),
    "ar": "الخاص بك|الخاصه بك|لديك|للتواصل|للتواصل معك|من فضلك|لو سمحت|كاملا|بك",
    "ru": "пожалуйста|для связи|проживания|для звонка|вашей компании",
    "kk": "енгізіңіз|көрсетіңіз|қандай|қандаи|жазыңыз",
    "es": "por favor|de contacto|para contactarte|para contactarlo|para llamarte|actual",
    "fr": "svp|s il vous plait|actuel|pour vous contacter",
    "de": "ein|an|bitte|fur ruckfragen|hinterlassen",
    "pt": "por favor|para contato|para contacto|completo|atual|aqui",
    "tr": "nedir|lutfen|giriniz|girin|yaziniz|belirtiniz|paylasin|paylasiniz",
    "id": (
        "anda|kamu|siapa|anda siapa|apa|berapa|kamu berapa|yang bisa dihubungi"
        "|yang boleh dihubungi|aktif|apakah"
    ),
    "vi": "cua ban la gi|la gi|cua ban|la bao nhieu|cua quy khach|cua anh chi|ban la gi|lien he",
    "it": "per favore|per contattarti|attuale|per essere contattato",
    "pl": "prosze|do kontaktu|kontaktowy|panstwa",
    "nl": "in|alstublieft|achter|waarop we je kunnen bereiken|om je te bereiken",
    "uk": "будь ласка|для звязку|для зв язку|проживання|вашої компанії",
    "he": "שלך|שלכם|בבקשה|ליצירת קשר",
    "fa": (
        "شما|خود|شما چيست|چيست|خود را وارد كنيد|را وارد كنيد|خود را بنويسيد|شما كدام است|لطفا"
        "|را بنويسيد"
    ),
    "ur": "كيا هے|كيا ہے|درج كريں|لكھيں|درج كريں براه كرم|درج كرين",
    "hi": "क्या है|दर्ज करें|लिखें|बताएं|बताइए|डालें|क्या हैं|दें|भरें",
}
JOINED_BEFORE = {
    "th": ("กรุณากรอก|โปรดระบุ|ระบุ|กรอก|กรุณาระบุ|โปรดกรอก|คุณ|กรุณาใส่|ใส่|ขอ|ขอทราบ|กรุณาแจ้ง|แจ้ง"),
    "ja": "あなたの|お客様の|ご|お|貴方の|御",
    "ko": "귀하의|고객님의|당신의|본인의|회원님의|귀하 의",
    "zh": (
        "您的|你的|请输入|请填写|请留下|请问您的|请输入您的|请填写您的|请留下您的|请提供您的"
        "|请提供|請輸入|請填寫|請留下|請輸入您的|請填寫您的|請問您的|您所在的|你所在的|您的常用"
        "|请问你的|请问|请填写你的|请输入你的"
    ),
}
JOINED_AFTER = {
    "th": ("ของคุณ|คืออะไร|ของคุณคืออะไร|อะไร|ที่ติดต่อได้|ของท่าน|ที่สามารถติดต่อได้|ที่สะดวก|ด้วยค่ะ"),
    "ja": (
        "を教えてください|を入力してください|をご記入ください|を記入してください"
        "|をご入力ください|は何ですか|をお教えください|は|をお知らせください|はなんですか"
        "|をお聞かせください|を教えて下さい|は何番ですか"
    ),
    "ko": (
        "를 입력해 주세요|을 입력해 주세요|를 입력해주세요|을 입력해주세요|를 알려주세요"
        "|을 알려주세요|를 알려 주세요|을 알려 주세요|가 어떻게 되세요|이 어떻게 되세요"
        "|은 무엇입니까|는 무엇입니까|은 무엇인가요|는 무엇인가요|를 적어주세요|을 적어주세요"
        "|를 남겨주세요|을 남겨주세요|가 무엇인가요|이 무엇인가요|을 작성해 주세요"
        "|를 작성해 주세요|가 어떻게 되시나요|이 어떻게 되시나요|를 남겨 주세요|을 남겨 주세요"
    ),
    "zh": "是多少|是什么|是什麼|是|是哪里|是哪個|是哪个|是哪裡|号是多少|為何|为何|叫什么|叫什麼",
}
# Whole sentences that hold no name of a standard question, or only a form of it.
IDIOMS = {
    "name": (
        "как вас зовут|как тебя зовут|как к вам обращаться|comment vous appelez vous"
        "|comment t appelles tu|wie heissen sie|wie heisst du|como te llamas|como se llama"
        "|como te llamas tu|como se llama usted|como voce se chama|come ti chiami"
        "|come si chiama|jak sie nazywasz|hoe heet je|hoe heet u|як вас звати|як тебе звати"
        "|як до вас звертатися|adiniz nedir|isminiz nedir|ban ten gi|ban ten la gi|คุณชื่ออะไร"
        "|ชื่ออะไร|您叫什么名字|请问怎么称呼您|请问您怎么称呼|你叫什么名字|您叫什麼名字"
        "|怎么称呼您|怎么称呼|如何称呼您|怎麼稱呼您|איך קוראים לך|מה שמך|ما اسمك|ما هو اسمك"
        "|ما اسمك الكامل|ما هو اسمك الكامل|اسم شما چيست|نام شما چيست|сіздің атыңыз кім"
        "|атыңыз кім|аты жөніңіз|اسمك الكريم|есіміңіз кім|jak masz na imie|jak sie pan i nazywa"
        "|who should we ask for|how should we call you|how should we address you"
        "|как ваше имя|اسمك بالكامل|اسمك الكامل|اسمك الثلاثي"
        "|what is your name and surname|siapa nama lengkap anda|adiniz ve soyadiniz nedir"
        "|adiniz ve soyadiniz|isim soyisminiz|ad soyadiniz|adiniz soyadiniz nedir"
    ),
    "phone_number": (
        "ما رقم هاتفك|رقم هاتفك|رقم جوالك|رقم تليفونك|رقم موبايلك|رقم تلفونك"
        "|رقم الواتساب الخاص بك|رقم هاتفك المحمول|هاتفك|جوالك|номер вашего телефона"
        "|номер вашего мобильного|номер вашого телефону|номер телефона для связи"
        "|телефон для связи|telefon numaraniz nedir|cep telefonu numaraniz"
        "|cep telefonunuz nedir|whatsapp numaraniz|iletisim numaraniz|телефон нөміріңіз"
        "|телефон нөміріңіз қандай|nomor whatsapp aktif|numero de telefono de contacto"
        "|numero de whatsapp de contacto|su numero de telefono|numero de celular con codigo"
        "|numero de telephone portable|מספר הטלפון שלך|הטלפון שלך|מספר הנייד שלך|הנייד שלך"
        "|telefon do kontaktu|numer do kontaktu|seu whatsapp|whatsapp com ddd"
        "|numero do seu whatsapp|celular com ddd|whatsapp para contato|seu numero de whatsapp"
        "|mobile no|mobile number whatsapp|whatsapp no|whats app number"
        "|phone number for contact|contact phone|contact phone number|daytime phone number"
        "|شماره تماس شما"
    ),
    "email": (
        "بريدك الالكتروني|ايميلك|بريدك|عنوان بريدك الالكتروني|адрес вашей электронной почты"
        "|адрес вашої електронної пошти|e posta adresiniz|e posta adresiniz nedir"
        "|email adresiniz|e mailiniz|mail adresiniz|e mailiniz nedir|электрондық поштаңыз"
        "|המייל שלך|האימייל שלך|כתובת המייל שלך|כתובת האימייל שלך|הדוא ל שלך|contact email"
        "|contact e mail|correo de contacto|email de contacto|email de contato"
        "|best email address|eposta adresiniz"
    ),
    "city": (
        "in which city do you live|what city are you located in|yasadiginiz sehir|مدينه السكن"
        "|which city do you live in|what city do you live in|which city are you in"
        "|which city are you from|what city are you in|en que ciudad vives|en que ciudad vive"
        "|en que ciudad te encuentras|de que ciudad eres|em que cidade voce mora"
        "|em qual cidade voce mora|em que cidade mora|dans quelle ville habitez vous"
        "|dans quelle ville etes vous|dans quelle ville vivez vous|in welcher stadt wohnen sie"
        "|in welcher stadt wohnst du|in welcher stadt leben sie|в каком городе вы живете"
        "|в каком вы городе|из какого вы города|ваш город проживания|в якому місті ви живете"
        "|in quale citta vivi|in quale citta abiti|di quale citta sei|in che citta vivi"
        "|w jakim miescie mieszkasz|in welke stad woon je|in welke stad woont u"
        "|in welke plaats woon je|hangi sehirde yasiyorsunuz|hangi ilde yasiyorsunuz"
        "|hangi sehirdesiniz|في اي مدينه تسكن|في اي مدينه تعيش|في اي مدينه تقيم|اي مدينه تسكن"
        "|anda tinggal di kota mana|di kota mana anda tinggal|kota tempat tinggal"
        "|ban song o thanh pho nao|ban dang song o thanh pho nao|เมืองที่อยู่"
        "|คุณอยู่จังหวัดอะไร|您在哪个城市|您所在的城市|您住在哪个城市|你在哪个城市"
        "|באיזו עיר אתה גר|באיזו עיר את גרה|עיר המגורים שלך|באיזו עיר אתם גרים"
        "|आप किस शहर में रहते हैं|आप किस शहर से हैं|شما در كدام شهر زندگي مي كنيد"
        "|қай қалада тұрасыз|どの都市にお住まいですか|お住まいの都市|거주하시는 도시"
    ),
    "country": (
        "which country do you live in|in which country do you live|what country do you live in"
        "|which country are you in|which country are you from|en que pais vives"
        "|en que pais resides|em que pais voce mora|dans quel pays habitez vous"
        "|in welchem land wohnen sie|in welchem land leben sie|в какой стране вы живете"
        "|в какой стране вы находитесь|in quale paese vivi|w jakim kraju mieszkasz"
        "|in welk land woon je|в якій країні ви живете|hangi ulkede yasiyorsunuz"
        "|em qual pais voce mora|em que pais voce vive|dans quel pays vivez vous|ما هي دولتك"
        "|من اي دوله انت"
        "|في اي دوله تسكن|في اي بلد تعيش|في اي دوله تعيش|في اي دوله تقيم"
    ),
    "company": (
        "what company do you work for|which company do you work for|what is your company name"
        "|what is your company called|what is the name of your company|name of your company"
        "|como se llama tu empresa|nombre de tu empresa|cual es el nombre de tu empresa"
        "|en que empresa trabajas|qual e o nome da sua empresa|qual o nome da sua empresa"
        "|quel est le nom de votre entreprise|nom de votre entreprise|nom de votre societe"
        "|wie heisst ihr unternehmen|wie heisst ihre firma|name ihres unternehmens"
        "|name ihrer firma|как называется ваша компания|название вашей компании"
        "|як називається ваша компанія|назва вашої компанії|come si chiama la tua azienda"
        "|nome della tua azienda|nazwa twojej firmy|jak nazywa sie twoja firma"
        "|hoe heet je bedrijf|wat is de naam van je bedrijf|sirketinizin adi"
        "|sirketinizin adi nedir|firmanizin adi|ما اسم شركتك|اسم شركتك|nama perusahaan anda"
        "|ten cong ty cua ban|公司名称是什么|您的公司名称|שם החברה שלך|نام شركت شما"
    ),
    "job_title": (
        "what is your job|what do you do for a living|what is your occupation|what is your role"
        "|cual es tu cargo|cual es tu profesion|a que te dedicas|qual e o seu cargo"
        "|qual a sua profissao|quel est votre metier|quelle est votre profession"
        "|was ist ihr beruf|wie lautet ihr beruf|кем вы работаете|ким ви працюєте"
        "|ваша должность|che lavoro fai|mesleginiz nedir|ما هي وظيفتك|ما وظيفتك|وظيفتك|مهنتك"
        "|ما هي مهنتك|ما مهنتك|ما هو مسماك الوظيفي|مسماك الوظيفي|pekerjaan anda|wat is je functie"
    ),
    "zip": (
        "what is your zip|cual es tu codigo postal|qual e o seu cep|qual o seu cep"
        "|quel est votre code postal|wie lautet ihre postleitzahl|ihre plz|ваш почтовый индекс"
        "|posta kodunuz|الرمز البريدي الخاص بك"
    ),
}
# Aliases that in a sentence may mean something else: "What is your business?"
AMBIGUOUS = "title|position|business|unit|site|web|function|funktion|via|area|regio"
