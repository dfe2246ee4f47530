/** What of a language's words has to be known to compare two texts in it. */
export interface Wording {
  /** Words that say nothing of what a text is about. */
  isStop(word: string): boolean;
  /** The word without its inflection, roughly: what forms of one word have in common, and few other words. */
  stem(word: string): string;
}

const STEM_LENGTH = 6;

const CYRILLIC_STOPS = words(`
  але або адже аби без біля буде будуть було були була був бути вже вона вони воно він від вся все всі всіх всього
  далі для його ей її йому йде із зі за зараз зокрема інші іншій інших інше як яка яке який які якого яких якій яку якою
  коли крім кількох лише має мають між може можуть на над нас наразі не немає нею ним них ні під після по поки при про
  проти раніше разом саме сам своє своєї свій своїх своїм своїми свою себе серед стало став стала стали також так там
  та те того той тому тоді тощо тут у усе усі усіх уже час через цей ця це ці цього цьому цим цих чи чий що щоб щодо ще
  якщо під-час станом близько понад майже поблизу біля людей люди особи осіб людини
  без более больше был была были было быть вам вас весь во вот все всего всей всех вы где да даже до его ее если есть еще
  же за здесь из или им ими их как какой когда который которая которое которые которого которой которых кто ли либо между
  меня мне может могут мы на над надо нам нас не него нее нет ни них но ну об однако он она они оно от перед по под после
  при про раз ранее с сам свое своей свои свой своих своем свою себя со среди стал стала стали стало так также там те тем
  то того тоже той только том тот тут ты уже чем через что чтобы эта эти это этого этой этом этот этих около более почти возле вблизи человек человека людей люди
  а б в г д е є ж з и і ї й к л м н о п р с т у ф х ц ч ш щ ю я до від ст рік року роки років роках год года году лет годы
  заявив заявила заявили повідомив повідомила повідомили повідомляє повідомляють повідомлення сказав сказала розповів
  розповіла каже кажуть передає йдеться ідеться уточнив уточнили зазначив зазначила додав додала даними словами
  заявил заявила заявили сообщил сообщила сообщили сообщает сообщают сообщение сказал сказала рассказал рассказала
  говорит говорят передает уточнил уточнили отметил отметила добавил добавила данным словам следует пишет
`);

const ENGLISH_STOPS = words(`
  a about after again against all also am amid an and another any are around as at be because been before being between
  both but by can could did do does down during each few for from further had has have having he her here him his how if
  in into is it its just last least less like may might more most much near new no nor not now of off on once one only or
  other our out over own per said same say saying says she should since so some still such take takes taken than that the
  their them then there these they this those through to told too toward towards under until up upon us very was we were
  what when where which while who whom why will with within would year years yet you your according officials reported
  report reports statement added announced people person
`);

const CYRILLIC_ENDINGS =
  /(?:ється|уються|ються|аться|яться|ться|тися|лася|лися|лось|ился|ился|ться|ями|ами|ого|его|ому|ему|ими|іми|ыми|ої|ої|ою|ею|єю|ій|ий|ый|ой|ая|яя|ое|ее|ие|ые|ых|их|іх|ів|їв|ов|ев|ах|ях|ам|ям|ом|ем|єм|им|ім|ым|ать|ять|ить|ли|ла|ло|ти|ть|їх|ії|ию|ия|ии|ию|ію|ія|в|л|і|ї|и|ы|а|я|у|ю|о|е|є|ь|й)$/;
/** Of a place: `Одеська` and `Одещина` are about the same. */
const REGION = /(?:ськ|зьк|цьк|ск|щин)$/;
const ENGLISH_ENDINGS = /(?:ings?|ed|es|s|ly)$/;

/** The words of Ukrainian and Russian are told apart by their letters, not by the language that a story declares. */
export function wordingOf(language: string): Wording {
  return language === 'uk' || language === 'ru' ? CYRILLIC : language === 'en' ? ENGLISH : OTHER;
}

const CYRILLIC: Wording = {
  isStop: (word) => CYRILLIC_STOPS.has(word),
  stem: (word) => cut(word.replaceAll("'", ''), CYRILLIC_ENDINGS, REGION),
};

const ENGLISH: Wording = {
  isStop: (word) => ENGLISH_STOPS.has(word),
  stem(word) {
    const stem = cut(word, ENGLISH_ENDINGS);
    return stem.length > 3 && stem.endsWith('e') ? stem.slice(0, -1) : stem;
  },
};

const OTHER: Wording = {
  isStop: (word) => word.length < 3,
  stem: (word) => word.slice(0, STEM_LENGTH),
};

function cut(word: string, ...endings: RegExp[]): string {
  const bare = endings.reduce((rest, ending) => {
    const shorter = rest.replace(ending, '');
    return shorter.length < 3 ? rest : shorter;
  }, word);
  return bare.slice(0, STEM_LENGTH);
}

function words(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/));
}
