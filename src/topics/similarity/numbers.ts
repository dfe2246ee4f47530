/** `word` is `42d18` for a decimal, `2s1` for a score or a time; a word that says a number is that number. */
const NUMBER_WORDS = new Map<string, string>();
const SPELLED = `
  2 два дві двох двом двома двоє две двух двум двумя двое двоих two
  3 три трьох трьом трьома троє трех трем тремя трое троих three
  4 чотири чотирьох чотирьом четверо чотирма четырех четыре четырем четверых four
  5 п'ять п'яти п'ятьох п'ятеро пять пяти пятеро пятерых five
  6 шість шести шістьох шестеро шесть шестерых six
  7 сім семи сімох семеро семь семерых seven
  8 вісім восьми вісьмох восьмеро восемь восьмерых eight
  9 дев'ять дев'яти дев'ятьох дев'ятеро девять девяти девятерых nine
  10 десять десяти десятьох десятеро ten
  11 одинадцять одинадцяти одинадцятьох одиннадцать одиннадцати eleven
  12 дванадцять дванадцяти дванадцятьох двенадцать двенадцати twelve dozen
  13 тринадцять тринадцяти тринадцать тринадцати thirteen
  14 чотирнадцять чотирнадцяти четырнадцать четырнадцати fourteen
  15 п'ятнадцять п'ятнадцяти пятнадцать пятнадцати fifteen
  16 шістнадцять шістнадцяти шестнадцать шестнадцати sixteen
  17 сімнадцять сімнадцяти семнадцать семнадцати seventeen
  18 вісімнадцять вісімнадцяти восемнадцать восемнадцати eighteen
  19 дев'ятнадцять дев'ятнадцяти девятнадцать девятнадцати nineteen
  20 двадцять двадцяти двадцать двадцати twenty
  100 сто сотню сотні сотня hundred
`;
for (const line of SPELLED.trim().split('\n')) {
  const [value = '', ...spellings] = line.trim().split(/\s+/);
  for (const spelling of spellings) NUMBER_WORDS.set(spelling, value);
}

const MULTIPLES: [RegExp, number][] = [
  [/^(?:тис|тисяч[аіу]?|тыс|тысяч[аиу]?|thousand)$/, 1e3],
  [/^(?:млн|мільйон.{0,3}|миллион.{0,3}|million|mln|m)$/, 1e6],
  [/^(?:млрд|мільярд.{0,3}|миллиард.{0,3}|billion|bln|bn)$/, 1e9],
];

const THOUSANDS = /(?<![\d.,])\d{1,3}(?:[ \u00a0\u202f,]\d{3})+(?![\d])/g;
const DECIMAL = /(\d+)[.,](\d+)/g;
/** Scores and times; a longer dash stands between two numbers. */
const PAIR = /(?<![\d-])(\d{1,3})[:-](\d{1,3})(?![\d-])/g;
/** A number and its unit that are written as one word. */
const GLUED = /(\d)(?=(?:км|кг|тис|млн|млрд|mph|kph|km|kg|bn|m|pm|am|th|st|nd|rd)(?!\p{L}))/gu;

/** Writes each number of a text as one word, so that no comma, space or colon tears it. */
export function withWholeNumbers(text: string): string {
  if (!/\d/.test(text)) return text;
  return text
    .replace(THOUSANDS, (number) => number.replace(/\D/g, ''))
    .replace(DECIMAL, (_, whole: string, rest: string) => {
      const digits = rest.replace(/0+$/, '');
      return digits ? `${whole}d${digits}` : whole;
    })
    .replace(PAIR, '$1s$2')
    .replace(GLUED, '$1 ');
}

/** The number that a word says, in digits, or `undefined`. */
export function numberOf(word: string): string | undefined {
  if (/^\d+(?:[ds]\d+)?$/.test(word)) return word.replace(/^0+(?=\d)/, '');
  return NUMBER_WORDS.get(word);
}

/** A number and the word after it: `85` and `тисяч` are 85000; `undefined` when the word is no such word. */
export function multiplied(number: string, word: string): string | undefined {
  const factor = MULTIPLES.find(([pattern]) => pattern.test(word))?.[1];
  if (factor === undefined || number.includes('s')) return undefined;
  return String(Math.round(Number(number.replace('d', '.')) * factor));
}

export function isYear(number: string): boolean {
  return /^(?:19|20)\d\d$/.test(number);
}
