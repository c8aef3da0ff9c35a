"""More names of states and provinces than Odoo has: in English, and in Arabic and Russian.

The English ones are of Unicode CLDR 48.2 (cldr-subdivisions-full), © Unicode, Inc., Unicode
License v3, unicode.org/license.txt.
"""

# Odoo's code of a state and its names, by country.
STATE_ALIASES = {
    "AE": (
        "AZ=أبوظبي/أبو ظبي/Abu Zaby/Абу-Даби|AJ=عجمان/Аджман|DU=دبي/Дубай/迪拜"
        "|FU=الفجيرة/Fujayrah/Фуджейра|RK=رأس الخيمة/Ras Al Khaimah/RAK/Рас-эль-Хайма"
        "|SH=الشارقة/Sharja/Шарджа|UQ=أم القيوين/UAQ/Умм-эль-Кувейн"
    ),
    "AT": ("2=Carinthia|3=Lower Austria|4=Upper Austria|6=Styria|7=Tyrol|9=Vienna"),
    "BD": (
        "BD-A=Barisal|BD-B=Chittagong Division|BD-C=Dhaka Division|BD-D=Khulna Division"
        "|BD-E=Rajshahi Division|BD-F=Rangpur Division|BD-G=Sylhet Division"
        "|BD-H=Mymensingh Division"
    ),
    "BR": ("DF=Federal District"),
    "CH": ("GE=Geneva"),
    "CL": (
        "CL-LI=Libertador General Bernardo O’Higgins|CL-ML=Maule|CL-BI=Bío Bío|CL-AR=Araucanía"
        "|CL-LL=Los Lagos|CL-AI=Aysén|CL-RM=Santiago Metropolitan|CL-NB=Ñuble"
    ),
    "CO": ("DC=Capital District|SAP=San Andrés & Providencia"),
    "DE": (
        "DE-BY=Bavaria|DE-HE=Hesse|DE-NI=Lower Saxony|DE-NW=North Rhine-Westphalia"
        "|DE-RP=Rhineland-Palatinate|DE-SN=Saxony|DE-ST=Saxony-Anhalt|DE-TH=Thuringia"
    ),
    "EE": (
        "EE-37=Harju|EE-39=Hiiu|EE-44=Ida-Viru|EE-57=Lääne|EE-59=Lääne-Viru|EE-74=Saare"
        "|EE-84=Viljandi"
    ),
    "EG": (
        "DK=الدقهلية|BA=البحر الأحمر|BH=البحيرة|FYM=الفيوم|GH=الغربية|ALX=الإسكندرية/اسكندرية"
        "|IS=الإسماعيلية|GZ=الجيزة|MNF=المنوفية|MN=المنيا|C=القاهرة/Al Qahirah|KB=القليوبية"
        "|LX=الأقصر|WAD=الوادي الجديد|SHR=الشرقية|SUZ=السويس|ASN=أسوان|AST=أسيوط|BNS=بني سويف"
        "|PTS=بورسعيد/بور سعيد|DT=دمياط|HU=حلوان|JS=جنوب سيناء|KFS=كفر الشيخ"
        "|MT=مطروح/مرسى مطروح|KN=قنا|SIN=شمال سيناء|SHG=سوهاج"
    ),
    "ES": (
        "C=A Coruña|VI=Álava|A=Alicante|PM=Balears Province|CS=Castellón|GI=Girona|SS=Gipuzkoa"
        "|L=Lleida|NA=Navarra|OR=Ourense|SE=Seville|V=Valencia|BI=Biscay"
    ),
    "FI": (
        "FI-02=South Karelia|FI-03=Southern Ostrobothnia|FI-04=Southern Savonia"
        "|FI-06=Tavastia Proper|FI-07=Central Ostrobothnia|FI-08=Central Finland|FI-10=Lapland"
        "|FI-12=Ostrobothnia|FI-13=North Karelia|FI-14=Northern Ostrobothnia"
        "|FI-15=Northern Savonia|FI-16=Päijänne Tavastia|FI-19=Southwest Finland"
    ),
    "ID": (
        "BB=Bangka–Belitung Islands|JB=West Java|JT=Central Java|JI=East Java"
        "|KB=West Kalimantan|KS=South Kalimantan|KT=Central Kalimantan|KI=East Kalimantan"
        "|KU=North Kalimantan|KR=Riau Islands|MU=North Maluku|NB=West Nusa Tenggara"
        "|NT=East Nusa Tenggara|PB=West Papua|PE=Papua Pengunungan|SR=West Sulawesi"
        "|SN=South Sulawesi|ST=Central Sulawesi|SG=Southeast Sulawesi|SA=North Sulawesi"
        "|SB=West Sumatra|SS=South Sumatra|SU=North Sumatra"
    ),
    "IE": ("C=Connacht"),
    "IN": ("AN=Andaman and Nicobar Islands|CG=Chhattīsgarh"),
    "IQ": ("IQ-BA=Basra|IQ-BB=Babylon|IQ-DA=Dohuk|IQ-NI=Nineveh|IQ-SD=Saladin"),
    "IT": (
        "BZ=South Tyrol|FI=Florence|GE=Genoa|MN=Mantua|MI=Milan|MB=Monza and Brianza|NA=Naples"
        "|PD=Padua|PU=Pesaro and Urbino|RM=Rome|SR=Syracuse|TO=Turin|TN=Trentino|VE=Venice"
    ),
    "JO": (
        "JO-AT=Tafilah/الطفيلة|JO-AJ=عجلون|JO-AM=عمان/العاصمة|JO-AQ=العقبة|JO-AZ=الزرقاء"
        "|JO-BA=البلقاء|JO-IR=إربد|JO-JA=جرش|JO-KA=الكرك|JO-MA=المفرق|JO-MD=مادبا|JO-MN=معان"
    ),
    "JP": (
        "JP-23=Aichi|JP-05=Akita|JP-02=Aomori|JP-12=Chiba|JP-38=Ehime|JP-18=Fukui|JP-40=Fukuoka"
        "|JP-07=Fukushima|JP-21=Gifu|JP-10=Gunma|JP-34=Hiroshima|JP-01=Hokkaidō|JP-28=Hyōgo"
        "|JP-08=Ibaraki|JP-17=Ishikawa|JP-03=Iwate|JP-37=Kagawa|JP-46=Kagoshima|JP-14=Kanagawa"
        "|JP-39=Kōchi|JP-43=Kumamoto|JP-26=Kyōto|JP-24=Mie|JP-04=Miyagi|JP-45=Miyazaki"
        "|JP-20=Nagano|JP-42=Nagasaki|JP-29=Nara|JP-15=Niigata|JP-44=Ōita|JP-33=Okayama"
        "|JP-47=Okinawa|JP-27=Ōsaka|JP-41=Saga|JP-11=Saitama|JP-25=Shiga|JP-32=Shimane"
        "|JP-22=Shizuoka|JP-09=Tochigi|JP-36=Tokushima|JP-31=Tottori|JP-16=Toyama|JP-13=Tokyo"
        "|JP-30=Wakayama|JP-06=Yamagata|JP-35=Yamaguchi|JP-19=Yamanashi"
    ),
    "KE": ("KE-30=Nairobi County"),
    "KR": (
        "KR-11=Seoul|KR-26=Busan|KR-27=Daegu|KR-28=Incheon|KR-29=Gwangju City|KR-30=Daejeon"
        "|KR-31=Ulsan|KR-41=Gyeonggi|KR-42=Gangwon|KR-43=North Chungcheong"
        "|KR-44=South Chungcheong|KR-45=North Jeolla|KR-46=South Jeolla|KR-47=North Gyeongsang"
        "|KR-48=South Gyeongsang|KR-49=Jeju|KR-50=Sejong"
    ),
    "MY": ("MY-04=Malacca|MY-07=Penang"),
    "NG": ("NG-FC=Federal Capital Territory"),
    "NL": ("NB=North Brabant|NH=North Holland|ZH=South Holland"),
    "NO": ("NO-54=Tromssan ja Finmarkun"),
    "NZ": ("MBH=Marl"),
    "PH": (
        "PH-00=Metro Manila|PH-COM=Compostela Valley|PH-MDC=Occidental Mindoro"
        "|PH-MDR=Oriental Mindoro"
    ),
    "PT": ("11=Lisbon|20=Azores"),
    "RO": ("B=Bucharest"),
    "RU": (
        "AD=Adygea/Адыгея|AL=Altai/Республика Алтай|AMU=Amur/Амурская область"
        "|ARK=Arkhangelsk/Архангельская область|AST=Astrakhan/Астраханская область"
        "|BA=Bashkortostan/Башкортостан/Башкирия|BEL=Belgorod/Белгородская область"
        "|BRY=Bryansk/Брянская область|BU=Buryat/Бурятия|CE=Chechen/Чечня/Чеченская республика"
        "|CHE=Chelyabinsk/Челябинская область"
        "|CHU=Chukotka Okrug/Чукотский автономный округ/Чукотка"
        "|CU=Chuvash/Чувашия/Чувашская республика|DA=Dagestan/Дагестан|IN=Ingushetia/Ингушетия"
        "|IRK=Irkutsk/Иркутская область|IVA=Ivanovo/Ивановская область"
        "|KB=Kabardino-Balkar/Кабардино-Балкария/Кабардино-Балкарская республика"
        "|KGD=Kaliningrad/Калининградская область|KL=Kalmykia/Калмыкия"
        "|KLU=Kaluga/Калужская область"
        "|KC=Karachay-Cherkess/Карачаево-Черкесия/Карачаево-Черкесская республика"
        "|KR=Karelia/Карелия|KEM=Kemerovo/Кемеровская область/Кузбасс|KK=Khakassia/Хакасия"
        "|KHM=Khanty-Mansi/Ханты-Мансийский автономный округ/ХМАО/Югра"
        "|KIR=Kirov/Кировская область|KO=Komi/Коми|KOS=Kostroma/Костромская область"
        "|KGN=Kurgan/Курганская область|KRS=Kursk/Курская область"
        "|LEN=Leningrad/Ленинградская область|LIP=Lipetsk/Липецкая область"
        "|MAG=Magadan/Магаданская область|ME=Mari El/Марий Эл|MO=Mordovia/Мордовия"
        "|MUR=Murmansk/Мурманская область|NIZ=Nizhny Novgorod/Нижегородская область"
        "|NGR=Novgorod/Новгородская область|NVS=Novosibirsk/Новосибирская область"
        "|OMS=Omsk/Омская область|ORE=Orenburg/Оренбургская область|ORL=Oryol/Орловская область"
        "|PNZ=Penza/Пензенская область|PSK=Pskov/Псковская область"
        "|ROS=Rostov/Ростовская область|RYA=Ryazan/Рязанская область|SA=Sakha/Якутия/Саха"
        "|SAK=Sakhalin/Сахалинская область|SAM=Samara/Самарская область"
        "|SAR=Saratov/Саратовская область"
        "|SE=North Ossetia-Alania/Северная Осетия/Северная Осетия - Алания"
        "|SMO=Smolensk/Смоленская область|SVE=Sverdlovsk/Свердловская область"
        "|TAM=Tambov/Тамбовская область|TA=Tatarstan/Татарстан|TOM=Tomsk/Томская область"
        "|TUL=Tula/Тульская область|TVE=Tver/Тверская область|TYU=Tyumen/Тюменская область"
        "|TY=Tuva/Тыва/Тува|UD=Udmurt/Удмуртия/Удмуртская республика"
        "|ULY=Ulyanovsk/Ульяновская область|VLA=Vladimir/Владимирская область"
        "|VGG=Volgograd/Волгоградская область|VLG=Vologda/Вологодская область"
        "|VOR=Voronezh/Воронежская область"
        "|YAN=Yamalo-Nenets Okrug/Ямало-Ненецкий автономный округ/ЯНАО"
        "|YAR=Yaroslavl/Ярославская область|YEV=Jewish/Еврейская автономная область"
        "|ALT=Алтайский край|KAM=Камчатский край|KHA=Хабаровский край"
        "|KDA=Краснодарский край/Кубань|KYA=Красноярский край"
        "|MOS=Московская область/Подмосковье/МО|MOW=Москва/г. Москва/Moskva|PER=Пермский край"
        "|PRI=Приморский край/Приморье|SPE=Санкт-Петербург/СПб/Питер/St. Petersburg"
        "|STA=Ставропольский край"
    ),
    "SA": (
        "AHB=أبها|DMM=الدمام/Dammam|BAH=الباحة|ALH=الأحساء|LJW=الجوف|AKH=الخرج|QUN=القنفذة"
        "|RAE=عرعر|BHH=بيشة|DHA=الظهران|ELQ=القصيم/Qassim/Al Qassim|URY=القريات|HBT=حفر الباطن"
        "|HAS=حائل/Ha'il|HOF=الهفوف|JED=جدة/Jedda/Джидда|GIZ=جازان/جيزان/Jazan|JUB=الجبيل"
        "|KMX=خميس مشيط|MED=المدينة المنورة/المدينة/Medina/Al Madinah"
        "|MAK=مكة المكرمة/مكة/Mecca/Makkah Al Mukarramah|NJN=نجران|QTF=القطيف|RAB=رابغ"
        "|RAH=رفحاء|RUH=الرياض/Ar Riyadh/Эр-Рияд|TUU=تبوك/Tabouk|TIF=الطائف|TUI=طريف|UZH=عنيزة"
        "|ZUL=الزلفي"
    ),
    "SE": (
        "SE-K=Blekinge|SE-W=Dalarna|SE-I=Gotland|SE-X=Gävleborg|SE-N=Halland|SE-Z=Jämtland"
        "|SE-F=Jönköping|SE-H=Kalmar|SE-G=Kronoberg|SE-BD=Norrbotten|SE-M=Skåne|SE-AB=Stockholm"
        "|SE-D=Södermanland|SE-C=Uppsala|SE-S=Värmland|SE-AC=Västerbotten|SE-Y=Västernorrland"
        "|SE-U=Västmanland|SE-O=Västra Götaland|SE-T=Örebro|SE-E=Östergötland"
    ),
    "TH": (
        "TH-10=Bangkok|TH-37=Amnat Charoen|TH-15=Ang Thong|TH-38=Bueng Kan|TH-31=Buri Ram"
        "|TH-24=Chachoengsao|TH-18=Chai Nat|TH-36=Chaiyaphum|TH-22=Chanthaburi|TH-50=Chiang Mai"
        "|TH-57=Chiang Rai|TH-20=Chon Buri|TH-86=Chumphon|TH-46=Kalasin|TH-62=Kamphaeng Phet"
        "|TH-71=Kanchanaburi|TH-40=Khon Kaen|TH-81=Krabi|TH-52=Lampang|TH-51=Lamphun|TH-42=Loei"
        "|TH-16=Lopburi|TH-58=Mae Hong Son|TH-44=Maha Sarakham|TH-49=Mukdahan"
        "|TH-26=Nakhon Nayok|TH-73=Nakhon Pathom|TH-48=Nakhon Phanom|TH-30=Nakhon Ratchasima"
        "|TH-60=Nakhon Sawan|TH-80=Nakhon Si Thammarat|TH-55=Nan|TH-96=Narathiwat"
        "|TH-39=Nong Bua Lam Phu|TH-43=Nong Khai|TH-12=Nonthaburi|TH-13=Pathum Thani"
        "|TH-94=Pattani|TH-82=Phang Nga|TH-93=Phatthalung|TH-56=Phayao|TH-67=Phetchabun"
        "|TH-76=Phetchaburi|TH-66=Phichit|TH-65=Phitsanulok|TH-14=Phra Nakhon Si Ayutthaya"
        "|TH-54=Phrae|TH-83=Phuket|TH-25=Prachin Buri|TH-77=Prachuap Khiri Khan|TH-85=Ranong"
        "|TH-70=Ratchaburi|TH-21=Rayong|TH-45=Roi Et|TH-27=Sa Kaeo|TH-47=Sakon Nakhon"
        "|TH-11=Samut Prakan|TH-74=Samut Sakhon|TH-75=Samut Songkhram|TH-19=Saraburi"
        "|TH-91=Satun|TH-17=Sing Buri|TH-33=Si Sa Ket|TH-90=Songkhla|TH-64=Sukhothai"
        "|TH-72=Suphanburi|TH-84=Surat Thani|TH-32=Surin|TH-63=Tak|TH-92=Trang|TH-23=Trat"
        "|TH-34=Ubon Ratchathani|TH-41=Udon Thani|TH-61=Uthai Thani|TH-53=Uttaradit|TH-95=Yala"
        "|TH-35=Yasothon"
    ),
    "US": (
        "DC=Washington DC/Washington DC/Washington D.C.|NY=New York City/NYC|CA=Calif|FL=Fla|TX=Tex"
    ),
    "VN": ("VN-CT=Can Tho|VN-DN=Da Nang|VN-SG=Ho Chi Minh City|VN-HP=Haiphong"),
}
