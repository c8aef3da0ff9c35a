"""What the columns of a lead itself are called in a downloaded file, by the webhook's key.

TikTok's samples have English names; the others are those that its interface and people use.
"""

COLUMN_ALIASES = {
    "id": (
        "lead id|leadid|lead uid|tiktok lead id|id of lead|معرف العميل المحتمل|معرف العميل|"
        "رقم العميل المحتمل|ID лида|идентификатор лида|ИД лида|лид ID|лид идентификаторы|"
        "ID del lead|ID de cliente potencial|ID du lead|ID du prospect|Lead-ID|Lead-Kennung|"
        "ID do lead|ID lead|ID prospek|potansiyel müşteri kimliği|lead kimliği|"
        "ID khách hàng tiềm năng|รหัสลีด|ID ลีด|リードID|리드 ID|线索ID|線索ID|潜在客户ID|"
        "潛在客戶ID|ID potencjalnego klienta|ідентифікатор ліда|ID ліда|מזהה ליד"
    ),
    "create_time": (
        "created time|create time|created at|created on|submitted time|submit time|"
        "submitted at|submission time|وقت الإنشاء|تاريخ الإنشاء|وقت الإرسال|дата создания|"
        "время создания|время отправки|дата отправки|құрылған уақыты|жіберілген уақыты|"
        "fecha de creación|hora de creación|fecha de envío|date de création|heure de création|"
        "date d'envoi|erstellt am|erstellungszeit|erstellungsdatum|data de criação|"
        "hora de criação|data di creazione|ora di creazione|waktu dibuat|tanggal dibuat|"
        "oluşturulma zamanı|oluşturma zamanı|oluşturulma tarihi|thời gian tạo|ngày tạo|"
        "เวลาที่สร้าง|วันที่สร้าง|作成日時|作成時間|생성 시간|만든 시간|创建时间|建立時間|提交时间|"
        "提交時間|data utworzenia|czas utworzenia|aanmaaktijd|gemaakt op|дата створення|"
        "час створення|זמן יצירה|תאריך יצירה"
    ),
    "page_id": (
        "form id|page id|instant form id|معرف النموذج|ID формы|идентификатор формы|форма ID|"
        "ID del formulario|ID du formulaire|Formular-ID|ID do formulário|ID del modulo|"
        "ID formulir|form kimliği|ID biểu mẫu|รหัสแบบฟอร์ม|フォームID|양식 ID|表单ID|表單ID|"
        "ID formularza|formulier-ID|ID форми|מזהה טופס"
    ),
    "page_name": (
        "form name|page name|instant form name|اسم النموذج|название формы|имя формы|"
        "форма атауы|nombre del formulario|nom du formulaire|Formularname|nome do formulário|"
        "nome del modulo|nama formulir|form adı|tên biểu mẫu|ชื่อแบบฟอร์ม|フォーム名|양식 이름|"
        "表单名称|表單名稱|nazwa formularza|formuliernaam|назва форми|שם הטופס"
    ),
    "campaign_id": (
        "campaign id|معرف الحملة|ID кампании|идентификатор кампании|науқан ID|ID de campaña|"
        "ID de la campaña|ID de campagne|ID de la campagne|Kampagnen-ID|ID da campanha|"
        "ID campagna|ID della campagna|ID kampanye|kampanya kimliği|ID chiến dịch|รหัสแคมเปญ|"
        "キャンペーンID|캠페인 ID|推广系列ID|推廣活動ID|广告系列ID|ID kampanii|campagne-ID|"
        "ID кампанії|מזהה קמפיין"
    ),
    "campaign_name": (
        "campaign name|اسم الحملة|название кампании|имя кампании|науқан атауы|"
        "nombre de campaña|nombre de la campaña|nom de campagne|nom de la campagne|"
        "Kampagnenname|nome da campanha|nome campagna|nome della campagna|nama kampanye|"
        "kampanya adı|tên chiến dịch|ชื่อแคมเปญ|キャンペーン名|캠페인 이름|推广系列名称|"
        "推廣活動名稱|广告系列名称|nazwa kampanii|campagnenaam|назва кампанії|שם הקמפיין"
    ),
    "adgroup_id": (
        "adgroup id|ad group id|معرف المجموعة الإعلانية|معرف مجموعة الإعلانات|"
        "ID группы объявлений|жарнама тобының ID|ID de grupo de anuncios|"
        "ID del grupo de anuncios|ID de groupe d'annonces|ID du groupe d'annonces|"
        "Anzeigengruppen-ID|ID do grupo de anúncios|ID gruppo di annunci|ID grup iklan|"
        "reklam grubu kimliği|ID nhóm quảng cáo|รหัสกลุ่มโฆษณา|広告グループID|광고 그룹 ID|"
        "广告组ID|廣告群組ID|ID grupy reklam|advertentiegroep-ID|ID групи оголошень|"
        "מזהה קבוצת מודעות"
    ),
    "adgroup_name": (
        "adgroup name|ad group name|اسم المجموعة الإعلانية|اسم مجموعة الإعلانات|"
        "название группы объявлений|жарнама тобының атауы|nombre de grupo de anuncios|"
        "nombre del grupo de anuncios|nom de groupe d'annonces|nom du groupe d'annonces|"
        "Anzeigengruppenname|nome do grupo de anúncios|nome gruppo di annunci|nama grup iklan|"
        "reklam grubu adı|tên nhóm quảng cáo|ชื่อกลุ่มโฆษณา|広告グループ名|광고 그룹 이름|"
        "广告组名称|廣告群組名稱|nazwa grupy reklam|advertentiegroepnaam|назва групи оголошень|"
        "שם קבוצת מודעות"
    ),
    "ad_id": (
        "ad id|معرف الإعلان|ID объявления|жарнама ID|ID de anuncio|ID del anuncio|ID d'annonce|"
        "ID de l'annonce|Anzeigen-ID|ID do anúncio|ID annuncio|ID dell'annuncio|ID iklan|"
        "reklam kimliği|ID quảng cáo|รหัสโฆษณา|広告ID|광고 ID|广告ID|廣告ID|ID reklamy|"
        "advertentie-ID|ID оголошення|מזהה מודעה"
    ),
    "ad_name": (
        "ad name|اسم الإعلان|название объявления|жарнама атауы|nombre de anuncio|"
        "nombre del anuncio|nom d'annonce|nom de l'annonce|Anzeigenname|nome do anúncio|"
        "nome annuncio|nome dell'annuncio|nama iklan|reklam adı|tên quảng cáo|ชื่อโฆษณา|広告名|"
        "광고 이름|广告名称|廣告名稱|nazwa reklamy|advertentienaam|назва оголошення|שם המודעה"
    ),
    "advertiser_id": (
        "advertiser id|ad account id|معرف المعلن|معرف حساب الإعلانات|ID рекламного аккаунта|"
        "ID рекламодателя|жарнама аккаунтының ID|ID de cuenta publicitaria|"
        "ID du compte publicitaire|Werbekonto-ID|ID da conta de anúncios|广告账户ID|廣告帳戶ID"
    ),
    "advertiser_name": (
        "advertiser name|ad account name|اسم المعلن|اسم حساب الإعلانات|"
        "название рекламного аккаунта|жарнама аккаунтының атауы|nombre de cuenta publicitaria|"
        "nom du compte publicitaire|Werbekontoname|nome da conta de anúncios|广告账户名称|"
        "廣告帳戶名稱"
    ),
    "library_id": "library id|form library id",
    "is_test": "is test|test lead|is test lead",
    "lead_source": "lead source",
}
