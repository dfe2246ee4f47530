import type { Chance } from '../../src/demo/chance.ts';
import type { Text } from '../../src/topics/tagger.ts';

/** How the words of a language are made: the little words that every sentence has, and stems with endings. */
interface Words {
  little: string[];
  stems: string[];
  endings: string[];
  beginnings: string[];
}

const list = (text: string) => text.split(' ');

const LANGUAGES: Record<string, Words> = {
  uk: {
    little: list(
      'у на з до що та і про за від не як це але під час після для які який вже також їх його ще між було буде може через понад щодо зі якщо проти біля',
    ),
    stems: list(
      'повідом засід уряд рішен закон бюдж ринк будів вода дорог лікар школ поліц суд вибор депут партнер оборон енерг газ ціна валют завод порт зерн фермер клімат спорт матч турнір театр фільм музик науков дослід вірус лікарн потяг літак міст район області громад допомог робот зарплат пенсі банк кредит податк експорт імпорт договор зустріч перегов санкц заяв ракет безпіл фронт військ мир',
    ),
    endings: list(
      'и а у ом ів ам ами ах ий ого ому им ою ення ення ості ник ники ська ський ськими ила или ити ють ено',
    ),
    beginnings: list('за пере під роз від ви при по до на об без не спів міжнар'),
  },
  ru: {
    little: list(
      'в на с до что и а о за от не как это но во время после для которые который уже также их его еще между было будет может через более по со если против около',
    ),
    stems: list(
      'сообщ заседан прав решен закон бюдж рынк строит вода дорог врач школ полиц суд выбор депут партнер оборон энерг газ цен валют завод порт зерн фермер климат спорт матч турнир театр фильм музык научн исслед вирус больниц поезд самолет город район област общин помощ работ зарплат пенси банк кредит налог экспорт импорт договор встреч перегов санкц заяв ракет беспил фронт воен мир',
    ),
    endings: list(
      'ы а у ом ов ам ами ах ый ого ому им ой ение ения ости ник ники ская ский скими ила или ить ют ено',
    ),
    beginnings: list('за пере под раз от вы при по до на об без не со между'),
  },
  en: {
    little: list(
      'the of to in and a that for on with as at by from it has was were will be an after over more than about this their said new who which into could would between against under',
    ),
    stems: list(
      'report govern decid law budget market build water road doctor school polic court elect deput partner defen energ gas price curren factor port grain farm climat sport match tourna theat film music scien stud virus hospital train plane cit district region commun help work wage pension bank credit tax export import treat meet talk sanction state missil drone front milit peace',
    ),
    endings: list(
      's ed ing er ers ment ments ion ions al ally ity ive ness able ance y ies or ors ist ists ism ization izing ized',
    ),
    beginnings: list('re un over under out pre inter trans counter sub super non anti multi mid'),
  },
};

/** So many words of a story, by where they are. */
const LENGTHS = { headline: 10, description: 25, body: 45 };
/** Of a hundred words so many begin a name, and so many are little ones. */
const NAMES = 6;
const LITTLE = 40;
const SENTENCE = 14;

/**
 * Stories of 80 words, each different: little words and longer ones that look like the language's, some far more frequent
 * than others, and names in whatever form the caller has them.
 */
export function createTexts(chance: Chance, language: string, names: readonly string[]): () => Text {
  const words = LANGUAGES[language];
  if (!words) throw new Error(`no words in ${language}`);
  const { little, stems, endings, beginnings } = words;
  // Of two the lower: those that stand first come up most.
  const often = (from: readonly string[]): string => {
    const last = from.length - 1;
    return from[Math.min(chance.between(0, last), chance.between(0, last))] ?? '';
  };

  function word(): string {
    const share = chance.between(1, 100);
    if (share <= NAMES) return chance.pick(names);
    if (share <= NAMES + LITTLE) return often(little);
    const whole = often(stems) + chance.pick(endings);
    return chance.happens(0.3) ? chance.pick(beginnings) + whole : whole;
  }

  function sentence(length: number): string {
    const text = Array.from({ length }, word).join(' ');
    return text.slice(0, 1).toUpperCase() + text.slice(1);
  }

  function text(length: number): string {
    const sentences: string[] = [];
    for (let left = length; left > 0; left -= SENTENCE) sentences.push(sentence(Math.min(left, SENTENCE)));
    return `${sentences.join('. ')}.`;
  }

  return () => ({
    language,
    headline: sentence(LENGTHS.headline),
    description: text(LENGTHS.description),
    body: text(LENGTHS.body),
  });
}
