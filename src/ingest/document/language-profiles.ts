/** What tells one language from the others of its script. */
export interface Profile {
  language: string;
  /** The little words that no text can do without, and that few neighbours share. */
  words: ReadonlySet<string>;
  /** Letters that none, or hardly any, of the neighbours has. */
  letters?: RegExp;
  /** Letters that the language does not have. */
  foreign?: RegExp;
  /** How many of its words end or begin. */
  endings?: RegExp;
  /** How much likelier than its neighbours it is before anything was read, as a logarithm. */
  prior?: number;
  /** How often its letters occur, per mille. */
  frequencies?: ReadonlyMap<string, number>;
}

/** The scripts, a letter of each, and the one language that is written in it, where it is one. */
export const SCRIPTS: ReadonlyArray<readonly [name: string, letter: RegExp, language?: string]> = [
  ['Latin', /\p{Script=Latin}/gu],
  ['Cyrillic', /\p{Script=Cyrillic}/gu],
  ['Han', /\p{Script=Han}/gu],
  ['Kana', /[\u3041-\u3096\u30a1-\u30fa]/g],
  ['Hangul', /\p{Script=Hangul}/gu, 'ko'],
  ['Arabic', /\p{Script=Arabic}/gu],
  ['Hebrew', /\p{Script=Hebrew}/gu, 'he'],
  ['Greek', /\p{Script=Greek}/gu, 'el'],
  ['Devanagari', /\p{Script=Devanagari}/gu],
  ['Georgian', /\p{Script=Georgian}/gu, 'ka'],
  ['Armenian', /\p{Script=Armenian}/gu, 'hy'],
  ['Thai', /\p{Script=Thai}/gu, 'th'],
  ['Bengali', /\p{Script=Bengali}/gu, 'bn'],
  ['Gujarati', /\p{Script=Gujarati}/gu, 'gu'],
  ['Gurmukhi', /\p{Script=Gurmukhi}/gu, 'pa'],
  ['Tamil', /\p{Script=Tamil}/gu, 'ta'],
  ['Telugu', /\p{Script=Telugu}/gu, 'te'],
  ['Kannada', /\p{Script=Kannada}/gu, 'kn'],
  ['Malayalam', /\p{Script=Malayalam}/gu, 'ml'],
  ['Sinhala', /\p{Script=Sinhala}/gu, 'si'],
  ['Khmer', /\p{Script=Khmer}/gu, 'km'],
  ['Lao', /\p{Script=Lao}/gu, 'lo'],
  ['Myanmar', /\p{Script=Myanmar}/gu, 'my'],
  ['Ethiopic', /\p{Script=Ethiopic}/gu, 'am'],
];

const of = (words: string): ReadonlySet<string> => new Set(words.trim().split(/\s+/));

/** Brought to 1000 in all, so that no language is likelier for having been counted more generously. */
function frequencies(list: string): ReadonlyMap<string, number> {
  const counted = list.split(' ').map((pair) => [pair.slice(0, 1), Number(pair.slice(1))] as const);
  const total = counted.reduce((sum, [, count]) => sum + count, 0);
  return new Map(counted.map(([letter, count]) => [letter, (count * 1000) / total]));
}

export const CYRILLIC: readonly Profile[] = [
  {
    language: 'uk',
    prior: 2,
    frequencies: frequencies(
      'а74 б17 в54 г15 ґ1 д31 е47 є5 ж8 з23 и61 і57 ї6 й12 к36 л36 м31 н65 о93 п29 р46 с41 т54 у33 ф3 х11 ц9 ч13 ш7 щ6 ь18 ю9 я24',
    ),
    letters: /[їєґ]|і(?![ў])|'(?=[яюєї])/g,
    foreign: /[ыэъёўјљњћђџѓќѕәғқңөұүһ]/g,
    words:
      of(`та й що як від до із зі це цей ця ці був була були буде для про після під час через щодо які який
        яка яке його її їх вже ще лише або але чи при над між без де коли також не є року років грн
        тис млн млрд у в україна україни україні українських українські українського рада ради уряд
        києві києва київ росія росії рф зеленський війни війна сьогодні завтра вчора люди людей
        ракет дронів обстріл удар сказав заявив повідомив повідомляє розповів назвав пояснив отримав
        отримали понад майже тому щоб якщо можна треба бо хто чому скільки ціни ціна суд поліція
        президент міністр місто країна пожежа погода курс долара гривні банк банку ставку мита
        оголосив прийняла прийняв збили знову нову новий нові вночі ранку ввечері область області
        обласна удару постраждалі загинули поранені школу світі березня січня лютого квітня травня
        червня липня серпня вересня жовтня листопада грудня нбу зсу сбу дбр набу втрати армія`),
    endings:
      /(?:ння|ття|ського|ський|ська|ські|ської|ських|ість|ості|ують|ають|ється|яться|вся|лася|лися|ення|ого|ому|ої|ують|увати|овано|ено|ий)$/,
  },
  {
    language: 'ru',
    prior: 2,
    frequencies: frequencies(
      'а80 б16 в45 г17 д30 е85 ё1 ж9 з16 и74 й12 к35 л44 м32 н67 о110 п28 р47 с55 т63 у26 ф3 х10 ц5 ч14 ш7 щ4 ъ1 ы19 ь17 э3 ю6 я20',
    ),
    letters: /[ыэъё]/g,
    foreign: /[іїєґўјљњћђџѓќѕәғқңөұүһ]/g,
    words: of(`и что как от из со это этот эта эти был была были будет для о об после под время через которые
        который которая его её ее их уже еще ещё только или но ли при над между без где когда также
        не нет года году лет руб тыс с к во по рф россии россия россию российских российские
        российский российского украины украина украине путин трамп сша москве москвы москва сегодня
        завтра вчера люди людей человек заявил заявила сообщил сообщила сообщили рассказал
        рассказала назвал назвали объяснил получил получили более почти чтобы если можно нужно кто
        почему сколько из-за против перед всех все может могут стало стал стали новый новые цены
        цена суд полиция правительство президент министр город страна пожар погода курс доллара
        рубля банк банка ставку пошлины объявил приняла принял сбили снова новую ночью утра вечером
        область области пострадавшие погибли раненые школу мире марта января февраля апреля мая июня
        июля августа сентября октября ноября декабря цб мвд фсб минобороны россияне армия победила
        ключевую отчиталось`),
    endings:
      /(?:ние|тие|ния|ского|ский|ская|ские|ской|ских|ость|ости|уют|ают|ется|ются|лся|лась|лись|ение|ого|ему|ировать|овать|ать|ить|ый|ые|ых|ция|ции)$/,
  },
  {
    language: 'be',
    frequencies: frequencies(
      'а165 б16 в28 г16 д37 е40 ё5 ж9 з33 і60 й11 к37 л37 м30 н65 о33 п29 р43 с45 т33 у34 ў17 ф2 х10 ц32 ч15 ш8 ы40 ь16 э13 ю6 я45',
    ),
    letters: /[ў]/g,
    foreign: /[ищъїєґјљњћђџѓќѕәғқңөұүһ]/g,
    words:
      of(`і што як ад з са гэта гэты гэтая гэтыя быў была былі будзе для пра пасля пад час праз якія які якая
        яго яе іх ужо яшчэ толькі або але ці пры над паміж без дзе калі таксама не ёсць года
        беларусі беларусь беларускі беларускія мінску мінск паведаміў паведамляе распавёў расказаў
        сёння учора ў людзі людзей каб больш рада прыняла прыняў новую новы суд цэны зноў школу
        адкрылі горад краіна гады лукашэнка асудзіў маскву`),
    endings: /(?:цца|ння|скі|ская|скія|скага|асці|асць|аюць|уюць|ага|аму|ыя|ць)$/,
  },
  {
    language: 'bg',
    frequencies: frequencies(
      'а117 б13 в44 г16 д36 е89 ж6 з21 и96 й7 к34 л34 м25 н70 о88 п30 р50 с50 т76 у17 ф3 х7 ц7 ч15 ш3 щ5 ъ17 ь1 ю2 я18',
    ),
    foreign: /[ыэёіїєґўјљњћђџѓќѕәғқңөұүһ]/g,
    letters: /(?<=[бвгджзклмнпрстфхцчшщ])ъ(?=[бвгджзклмнпрстфхцчшщ])/g,
    words:
      of(`се да е че са във със това този тази тези които който която което като след при ще бяха беше няма
        или вече само как какво защо къде кога още през между без под над сред срещу българия
        българската български софия днес вчера утре година години лв души нов нова нови каза заяви
        съобщи обяви ги парламентът прие следващата откриха ново цените отново съдът министър
        времето бившия пожар загинаха ранени полицията правителството президентът`),
    endings: /(?:ята|ето|ите|ът|ият|ски|ска|ско|ване|ане|ени|ата)$/,
  },
  {
    language: 'sr',
    frequencies: frequencies(
      'а115 б15 в37 г16 д37 ђ2 е88 ж6 з17 и98 ј51 к36 л27 љ5 м37 н56 њ6 о90 п29 р47 с50 т45 ћ6 у43 ф2 х7 ц8 ч10 џ1 ш10',
    ),
    letters: /[љњћђџј]/g,
    foreign: /[ыэёъщьюяіїєґўѓќѕйәғқңөұүһ]/g,
    words:
      of(`у је да се су са који која које као али или из због након после против би ће није био била били све
        само још више данас сутра јуче године србија србије београд београду рекао`),
  },
  {
    language: 'mk',
    frequencies: frequencies(
      'а125 б15 в42 г16 д38 ѓ2 е95 ж6 з18 ѕ1 и80 ј20 к42 л30 љ1 м24 н68 њ3 о100 п28 р45 с46 т75 ќ4 у22 ф3 х2 ц8 ч9 џ1 ш7',
    ),
    letters: /[ѓќѕ]/g,
    foreign: /[ыэёъщьюяйіїєґўђћәғқңөұүһ]/g,
    words:
      of(`во се да со е ќе што како при или беше има нема сите само уште денес вчера година македонија скопје
        рече изјави`),
  },
  {
    language: 'kk',
    frequencies: frequencies(
      'а110 ә15 б25 в3 г10 ғ14 д42 е80 ж15 з15 и6 й18 к28 қ30 л40 м32 н65 ң20 о15 ө10 п15 р55 с40 т45 у20 ұ8 ү10 ф1 х2 һ1 ц1 ч1 ш14 ы75 і60 ь1 э1 ю1 я3',
    ),
    letters: /[әғқңөұүһ]/g,
    foreign: /[їєґўјљњћђџѓќѕ]/g,
    words: of(`және мен бойынша үшін туралы бар жоқ деп бұл ол оның қазақстан болды болады жылы кейін дейін`),
  },
];

export const LATIN: readonly Profile[] = [
  {
    language: 'en',
    words:
      of(`the of and to in is are was were for on with as at by from that this it its his her their they he
        she has have had be been will would can could should not but after before over into about
        against says said who what why how when where which more than new up out amid us uk an or
        you your we our all one two first may under off no how's it's don't isn't won't who's there
        get gets make makes between during people year years week day days killed dead court police
        president minister government house world talks deal prices price rise rises fall falls hit
        hits win wins beat crash fire storm attack market markets stock stocks record bank report
        top high low back home life news show plan law case vote state city school health team
        season game man woman men women children war death trial judge leader chief power oil gas
        tax trade border strike strikes help call calls set say tells warns seeks faces cuts
        launches unveils reveals finds found takes without near four five six seven last next big
        best still now here just way league cup closes opens dies rejects approves passes appeal
        ruling thousands millions billion while because being through around ahead despite like only
        other some these those them then does did him my me today`),
    endings: /(?:ing|ed|tion|ly|'s|ness|ship|ment|ough|ight)$/,
    foreign: /[äöüßñãõąęłńśźżčřůěőűğışțőøåæœ¿¡]/g,
  },
  {
    language: 'de',
    letters: /[ß]|ä|ü/g,
    foreign: /[ñãõąęłńśźżčřůěőűğışțøåæœçèêàòì¿¡]/g,
    words:
      of(`der die das und den dem des ein eine einen einem einer eines ist sind war waren wird werden wurde
        wurden nicht auch auf für mit von zu zum zur im ins am an bei nach vor aus über unter gegen
        um als wie dass es er sie wir ich sich nur noch mehr hat haben hatte kann können soll will
        muss so was wer wo warum seit bis durch ohne zwischen jahr jahre jahren neue neuer neuen
        neues heute ab oder aber doch sein seine ihre keine kein beim vom polizei gericht regierung
        präsident minister land stadt krieg mann frau kinder tote toten verletzte unfall brand sturm
        angriff preise preis steigt steigen sinkt zahl bahn streik montag dienstag mittwoch
        donnerstag freitag samstag sonntag kritik wahl welt leben geld klage urteil millionen
        milliarden prozent gewinnt verliert fordert warnt droht trotz wegen laut dank statt viele
        mehrere weitere erste ersten zwei drei vier fünf`),
    endings:
      /(?:ung|ungen|heit|keit|lich|liche|lichen|isch|ische|ischen|schaft|chen|ieren|iert|stadt|gesetz)$/,
  },
  {
    language: 'fr',
    letters: /[œèêëîïôûù]|(?<!\p{L})(?:qu|l|d|s|c|n|j|m)'(?=\p{L})/gu,
    foreign: /[äöüßñãõąęłńśźżčřůěőűğışțøåæòì¿¡]/g,
    words:
      of(`le la les des du de un une et est sont était été sera dans sur pour par avec sans sous entre plus
        pas ne ce cette ces son sa ses leur leurs qui que quoi dont où au aux après avant contre
        chez vers mais ou comme il elle ils elles nous vous on se y a ont avait fait faire deux
        trois ans jours selon face depuis lors alors très tout tous toute toutes moins encore déjà
        nouveau nouvelle nouveaux comment pourquoi quand en d'un d'une qu'il c'est n'est homme femme
        enfants police justice gouvernement président ministre ville pays guerre mort morts blessés
        accident incendie tempête attaque prix hausse baisse grève lundi mardi mercredi jeudi
        vendredi samedi dimanche monde vie argent procès loi milliers millions milliards bat gagne
        perd recours parlement adopte rejette appelle annonce dénonce foyers équipe match saison
        élection élections`),
    endings: /(?:tion|ment|eux|euse|eur|aient|ées|ée|és|ique|iste|eaux|ère|aire|oir)$/,
  },
  {
    language: 'es',
    letters: /[ñ¿¡]|(?<=\p{L})ó(?!\p{L})|ción(?!\p{L})/gu,
    foreign: /[äößãõąęłńśźżčřůěőűğışțøåæœçèêàòìôâ]/g,
    words:
      of(`el la los las del de un una unos unas y es son era fue será en con por para sin sobre entre más no
        lo se su sus que quien cual cuando donde como tras ante contra desde hasta pero o al le les
        ha han había hay está están este esta estos estas ese esa muy ya también todo todos todas
        años año día días dos tres según hoy ayer nuevo nueva nuevos gobierno españa cómo qué
        mientras así millones hombre mujer policía juez tribunal presidente ministro ciudad país
        guerra muerto muertos heridos accidente incendio tormenta ataque precios precio sube suben
        baja huelga lunes martes miércoles jueves viernes sábado domingo mundo vida dinero juicio
        ley miles gana pierde recurso congreso aprueba rechaza anuncia denuncia luz equipo partido
        elecciones cae deja detenido transporte`),
    endings:
      /(?:ción|ciones|dad|dades|mente|ando|iendo|ado|ados|ada|adas|ero|eros|illo|ería|ará|aron|ieron)$/,
  },
  {
    language: 'pt',
    letters: /[ãõ]|ç(?=[ãõao])|nh(?=[aoe])|lh(?=[aoe])/g,
    foreign: /[äöüßñąęłńśźżčřůěőűğışțøåæœèìòù¿¡]/g,
    words:
      of(`o a os as do da dos das de um uma uns umas e é são foi foram será em no na nos nas num numa com por
        para sem sobre entre mais não se seu sua seus suas que quem qual quando onde como após
        contra desde até mas ou ao à aos às pelo pela pelos pelas há está estão este esta isso muito
        já também todo todos anos ano dia dias dois duas três segundo hoje ontem novo nova novos
        governo brasil portugal diz ele ela tem têm ser homem mulher polícia juiz tribunal
        presidente ministro cidade país guerra morto mortos feridos acidente incêndio tempestade
        ataque preços preço sobe sobem desce greve segunda terça quarta quinta sexta sábado domingo
        mundo vida dinheiro julgamento lei milhares milhões vence perde recurso parlamento aprova
        rejeita anuncia denuncia luz equipa jogo eleições cai deixa detido transportes orçamento
        dólar`),
    endings:
      /(?:ção|ções|dade|dades|mente|ando|endo|indo|ado|ados|ada|adas|eiro|eira|inho|ará|aram|iram|agem)$/,
  },
  {
    language: 'it',
    letters: /[ìò]|(?:dell|nell|all|dall|sull|un|l|c|d)'(?=\p{L})|gli(?!\p{L})/gu,
    foreign: /[äöüßñãõąęłńśźżčřůěőűğışțøåæœçêôâ¿¡jkwxy](?=\p{L})/gu,
    words:
      of(`il lo la i gli le del della dei delle dello degli di un una uno e è sono era stato stata sarà nel
        nella nei nelle in con per da dal dalla dai su sul sulla tra fra più non si suo sua suoi che
        chi cui quando dove come dopo prima contro ma o al alla ai alle allo ha hanno aveva anche
        tutto tutti anni anno giorno giorni due tre secondo oggi ieri nuovo nuova nuovi governo
        italia perché così già solo ecco ancora uomo donna polizia giudice tribunale presidente
        ministro città paese guerra morto morti feriti incidente incendio tempesta attacco prezzi
        prezzo sale salgono scende sciopero lunedì martedì mercoledì giovedì venerdì sabato domenica
        mondo vita soldi processo legge migliaia milioni batte vince perde ricorso parlamento
        approva respinge annuncia luce squadra partita elezioni uomini trasporti costa petrolio`),
    endings:
      /(?:zione|zioni|tà|mente|ando|endo|ato|ati|ata|ate|uto|uti|ito|iti|aggio|ezza|ismo|ista|ino|etto)$/,
  },
  {
    language: 'pl',
    letters: /[ąęłńśźż]|(?:sz|cz|rz|dz)(?=\p{L})/gu,
    foreign: /[äöüßñãõčřůěőűğışțøåæœçèêàòìôâ¿¡qvx]/g,
    words:
      of(`w we z ze na do i a o od po za nie się jest są był była było byli będzie dla przez przed pod nad
        przy co jak że to ten ta te tym tego tej jego jej ich który która które już jeszcze tylko
        lub ale czy gdy gdzie kiedy także oraz lat roku rok dni dwa trzy mln tys zł polsce polski
        polska rząd nowy nowe nowa może można raz mają ma wobec sejm prezydent minister policja sąd
        miasto kraj wojna ofiary wypadek pożar burza atak ceny cena rosną spada strajk poniedziałek
        wtorek środa czwartek piątek sobota niedziela świat życie pieniądze proces ustawa tysiące
        miliony wygrywa przegrywa skargę mecz wybory dlaczego kto będą został została zostali`),
    endings:
      /(?:ów|ego|emu|ych|ymi|ski|ska|skie|skiej|ość|ości|anie|enie|ania|enia|ują|ała|ało|ali|ły|owy|owej)$/,
  },
  {
    language: 'nl',
    letters: /ij(?=\p{L}|$|\s)/gu,
    foreign: /[äßñãõąęłńśźżčřůěőűğışțøåæœçàòì¿¡]/g,
    words:
      of(`de het een en van in is zijn was waren wordt worden werd niet ook op voor met te tot uit bij naar over onder
      tegen om als dat die dit er hij zij wij ik zich nog meer heeft hebben had kan kunnen zal wil moet maar door geen jaar
      jaren nieuwe na wel aan of deze hun zo wat wie waar waarom`),
    endings: /(?:ing|ingen|heid|lijk|lijke|tie|schap|eren|eert|aan|oor|een)$/,
  },
  {
    language: 'af',
    foreign: /[äßñãõąęłńśźżčřůěőűğışțøåæœçàòì¿¡]/g,
    words:
      of(`die 'n en van in is was nie ook op vir met te tot uit by na oor onder teen om as dat wat hierdie daar hy sy ons
      ek nog meer het kan sal wil moet maar deur geen jaar nuwe aan of hulle jou so waar hoekom word sê se`),
  },
  {
    language: 'sv',
    letters: /[å]/g,
    foreign: /[ßñãõąęłńśźżčřůěőűğışțøæœçàòì¿¡]/g,
    words:
      of(`och att det är en ett i på som för av med den till inte har om de från var sig vid men så kan ska efter när
      här under mot över även mer ut upp nya nytt år två säger blir varit sin sina han hon vi jag också`),
  },
  {
    language: 'da',
    letters: /[øæ]/g,
    foreign: /[äößñãõąęłńśźżčřůěőűğışțœçàòì¿¡]/g,
    words:
      of(`og at det er en et i på som for af med den til ikke har om de fra var sig ved men så kan skal efter når her
      under mod over også mere ud op nye nyt år to siger bliver blev været sin sine han hun vi jeg hvor hvad`),
  },
  {
    language: 'nb',
    letters: /[øæ]/g,
    foreign: /[äößñãõąęłńśźżčřůěőűğışțœçàòì¿¡]/g,
    words:
      of(`og at det er en et i på som for av med den til ikke har om de fra var seg ved men så kan skal etter når her
      under mot over også mer ut opp nye nytt år to sier blir ble vært sin sine han hun vi jeg hvor hva`),
  },
  {
    language: 'fi',
    letters: /ää|yy|öö/g,
    foreign: /[ßñãõąęłńśźżčřůěőűğışțøåæœçàòì¿¡]/g,
    words:
      of(`ja on ei että se oli ovat mutta kun myös sekä tai jos hän ne joka mukaan vuoden vuotta suomen suomessa
      jälkeen kanssa mitä miksi nyt vielä uusi uuden ole olla voi`),
    endings: /(?:ssa|ssä|sta|stä|lla|llä|lta|ltä|lle|inen|isen|iset|taan|tään|een|vat|vät)$/,
  },
  {
    language: 'cs',
    letters: /[řůě]/g,
    foreign: /[äößñãõąęłńśźżőűğışțøåæœçèêàòìľĺ¿¡]/g,
    words:
      of(`a v ve z ze na do i o od po za ne se si je jsou byl byla bylo byli bude pro před pod nad při co jak že to ten
      ta ty tím toho jeho její jejich který která které už ještě jen nebo ale když kde kdy také let roku rok dny podle mezi
      proti bez kvůli český česko české`),
  },
  {
    language: 'sk',
    letters: /[ľĺŕô]/g,
    foreign: /[ößñãõąęłńśźżőűğışțøåæœçèêàòìřůě¿¡]/g,
    words:
      of(`a v vo z zo na do i o od po za ne sa si je sú bol bola bolo boli bude pre pred pod nad pri čo ako že to ten tá
      tie tým toho jeho jej ich ktorý ktorá ktoré už ešte len alebo ale keď kde kedy aj rokov roku rok dni podľa medzi proti
      bez pre slovensko slovenský slovenska nie`),
  },
  {
    language: 'hu',
    letters: /[őű]/g,
    foreign: /[äßñãõąęłńśźżčřůěğışțøåæœçèêàòì¿¡]/g,
    words:
      of(`a az és hogy nem is egy van volt lesz de ha meg már csak még mint el ki be fel után szerint magyar
      magyarország kell lehet miatt között ez azt ezt aki ami vagy új`),
    endings: /(?:ban|ben|nak|nek|val|vel|ból|ből|ról|ről|tól|től|hoz|hez|ság|ség|ások|ének)$/,
  },
  {
    language: 'ro',
    letters: /[țșăţş]/g,
    foreign: /[äößñãõąęłńśźżčřůěőűğıøåæœçèêàòì¿¡]/g,
    words:
      of(`și în la de din cu pe pentru care este sunt a fost fi au ai al ale un o nu mai dar sau după despre prin între
      până ce să se lui ei lor cel cea cei cele anul ani românia românia guvernul președintele`),
  },
  {
    language: 'tr',
    letters: /[ğış]/g,
    foreign: /[äßñãõąęłńśźżčřůěőűțøåæœèêàòì¿¡qwx]/g,
    words:
      of(`ve bir bu da de için ile olarak olan çok daha en gibi kadar sonra önce ne var yok oldu olduğu dedi ise mi ama
      türkiye türk yeni son yıl nin'in şu her iki`),
    endings:
      /(?:lar|ler|ların|lerin|ları|leri|ında|inde|ından|inden|dı|di|du|dü|yor|acak|ecek|mış|miş|lık|lik)$/,
  },
  {
    language: 'id',
    foreign: /[äöüßñãõąęłńśźżčřůěőűğışțøåæœçèêàòì¿¡]/g,
    words:
      of(`yang dan di ke dari untuk dengan pada ini itu tidak akan adalah juga oleh dalam sebagai karena bisa ada para
      telah sudah atau saat lebih tahun setelah jadi soal usai`),
  },
  {
    language: 'vi',
    letters: /[ơưđ]/g,
    words: of(`và của là có cho với các một trong được không người những khi đã ở từ này về đến tại`),
  },
  {
    language: 'hr',
    letters: /[đć]/g,
    foreign: /[äößñãõąęłńśźżřůěőűğışțøåæœçèêàòì¿¡qwxy]/g,
    words:
      of(`i u na je da se za su od sa s po ne o koji koja koje kao ali ili do iz zbog nakon protiv bi će nije bio bila
      bili sve samo još više danas sutra jučer godine hrvatska hrvatske što`),
  },
  {
    language: 'lt',
    letters: /[ėųįū]/g,
    foreign: /[äößñãõłńśźżřůěőűğışțøåæœçèêàòì¿¡qwx]/g,
    words: of(
      `ir kad į iš su už apie per po dėl yra bus buvo ne tai kaip bet ar jau dar metų lietuvos lietuvoje`,
    ),
  },
  {
    language: 'lv',
    letters: /[āēīģķļņ]/g,
    foreign: /[äößñãõąęłńśźżřůěőűğışțøåæœçèêàòì¿¡qwx]/g,
    words: of(`un ir ka no ar par uz pie pēc kas tas bija būs nav arī vai bet gada latvijas latvijā`),
  },
  {
    language: 'et',
    letters: /õ|ää|üü/g,
    foreign: /[ßñãąęłńśźżčřůěőűğışțøåæœçèêàòì¿¡]/g,
    words: of(`ja on ei et see oli kui ka aga või ning mis kes oma pärast eesti aasta kuid veel juba`),
  },
  {
    language: 'ca',
    letters: /l·l|(?<=\p{L})ç(?!\p{L})/gu,
    foreign: /[äößñãõąęłńśźżčřůěőűğışțøåæœìù¿¡]/g,
    words:
      of(`el la els les del dels de un una i és són en amb per sense sobre entre més no que qui quan on com després contra
      des fins però o al als ha han hi està aquest aquesta molt ja també tot anys any dia dos tres avui ahir nou nova d'un`),
  },
];
