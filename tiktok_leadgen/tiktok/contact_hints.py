"""Words in a question that tell whether its answer is the person's own phone number or e-mail.

Each is the beginning of a word as `standard.normalize_text` leaves it; those of languages that are
written without spaces may be anywhere.
"""

# The question asks for a phone number, so that one without a country code is one.
PHONE = (
    "phone|telephone|whatsapp|mobile|cell|call|reach|sms|viber|telegram|zalo|tel|contact"
    "|telef|celular|movil|llam|contactar|appel|joindre|portable|erreich|anruf|handy|rufnummer"
    "|kontakt|ligar|ligam|contat|telemovel|arayabil|aramam|ulas|gsm|telepon|hubungi|dihubungi|dien|goi|lien"
    "|телефон|позвон|перезвон|звон|связ|ватсап|вотсап|мобил|звяз|подзвон|зателефон|байланыс|қоңырау"
    "|هاتف|جوال|واتس|واتساب|نتصل|اتصال|تواصل|للتواصل|موبايل|الهاتف|الجوال|الموبايل|هاتفك|جوالك"
    "|تلفن|تماس|همراه|فون|رابطه|رابطہ|واٹس|موبائل|फोन|फ़ोन|मोबाइल|संपर्क|कॉल|व्हाट्सएप"
    "|טלפון|נייד|להתקשר|וואטסאפ|פלאפון|התקשר|dzwon|zadzwon|oddzwon|komork|bel|bellen|bereik|mobiel"
    "|chiam|contatt|recapit|cellular|ring|dial"
)
PHONE_ANYWHERE = "电话|手机|联系|電話|手機|聯絡|携帯|連絡|전화|연락|핸드폰|휴대폰|โทร|เบอร์|ติดต่อ"
# It belongs to another person, or is a number of another kind.
OTHER = (
    "refer|referr|friend|emergency|partner|spouse|husband|wife|parent|father|mother|guardian|colleague"
    "|manager|boss|supervisor|recommended|amigo|amiga|emergencia|recomend|referid|conyuge|pareja|ami"
    "|urgence|parrain|conjoint|freund|notfall|empfehl|ehepartner|indicacao|indicou|conjuge|arkadas"
    "|acil|teman|darurat|pasangan|khan|друг|знаком|экстрен|супруг|муж|жен|родител|екстрен|подруг"
    "|дос|صديق|طوارئ|للطوارئ|الطوارئ|الصديق|لصديق|زوج|زوجتك|ولي|دوست|اضطراري|اضطراری|ہنگامی|दोस्त|आपातकाल|חבר|חירום"
    "|doctor|landlord|tenant|child|kid|son|daughter|sibling|brother|sister|relative|lawyer|accountant"
    "|teacher|witness|neighbo|familiar|jefe|jefa|hijo|hija|hermano|hermana|padre|madre|esposo|esposa"
    "|marido|novio|novia|vecino|proche|enfant|mari|epouse|epoux|frere|soeur|voisin|kindes|kinder"
    "|mutter|vater|bruder|schwester|ehefrau|ehemann|responsavel|filho|filha|mae|pai|namorad|parente"
    "|мама|мамы|папа|папы|отца|матери|брат|сестр|ребен|сына|дочер|сосед|начальник|директор"
    "|الزوج|ولدك|ابنك|ابنتك|طفلك|الطفل|لقريب|قريبك|المدير|مديرك|anak|suami|istri|cocug|esiniz"
    "|amico|emergenza|znajom|przyjaciel|nagl|vriend|nood"
    "|passport|cpf|cnpj|rut|dni|nif|nie|cuit|curp|iban|account|order|invoice|tax|vat|id|identity"
    "|identif|insurance|licence|license|plate|vin|fax|serial|policy|customer|client|membership"
    "|pasaporte|cuenta|pedido|passeport|compte|commande|ausweis|konto|kunden|bestell|steuer|bancari|bank|banco"
    "|паспорт|инн|снилс|договор|заказ|счет|полис|іпн|замовлен|жсн|kimlik|tc|hesap|siparis|vergi"
    "|ktp|nik|rekening|cmnd|cccd|هويه|الهويه|اقامه|الاقامه|جواز|حساب|طلب|ملي|گذرنامه|ת|תעודת|זהות"
    "|passaporto|codice|conto|pesel|nip|zamow|bsn|rekeningnummer|klant|आधार|पासपोर्ट|खाता|budget"
    "|price|salary|income|amount|age|year|presupuesto|бюджет|ميزانيه"
)
OTHER_ANYWHERE = (
    "朋友|紧急|推荐|身份证|护照|订单|账号|友人|緊急|紹介|口座|친구|비상|추천|주민|계좌|เพื่อน|ฉุกเฉิน"
    "|บัตร"
)
