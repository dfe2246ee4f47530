/**
 * The forms of a word in the six cases after the nominative: genitive, dative, accusative, instrumental, locative,
 * vocative. A case may have several.
 */
export type Declined = readonly (readonly string[])[];

/** The words of a kind and how they end, case by case. */
export interface Paradigms {
  words: ReadonlyMap<string, Row>;
  endings: ReadonlyMap<string, Row>;
  longest: number;
}

/** `cut`: how many letters of the nominative go. `cases` undefined: the word never changes. */
interface Row {
  cut: number;
  cases: readonly (readonly string[])[] | undefined;
}

const CASES = 6;

/**
 * Reads paradigms, one a line; of two for the same ending the later counts, and a longer ending counts before a shorter.
 *
 * ```
 * ий         ого ому * им ому     an ending, then the endings of the cases that take its place
 * ськ|ий     ого ому * им ому     only what follows the bar is replaced
 * [бвд]_     а у/ові * ом і е     after each of these letters; _ is nothing, / is between variants
 * =пав|ел    ла лу * лом ле       this whole word only
 * =город     города городу        the same, written out
 * уа         -                    never changes
 * ```
 * `.` is the nominative, and so is a vocative left out. `*`, the accusative, is the genitive of persons and the
 * nominative of things. Letters are lower case, with е for ё and ' for every apostrophe.
 */
export function paradigms(of: 'persons' | 'things', ...tables: string[]): Paradigms {
  const words = new Map<string, Row>();
  const endings = new Map<string, Row>();
  for (const line of tables.join('\n').split('\n')) {
    const [pattern = '', ...cells] = line.split(' ').filter((part) => part !== '');
    if (pattern === '') continue;
    const whole = pattern.startsWith('=');
    const [, letters = '', shape = ''] = /^=?(?:\[(.+)\])?(.*)$/.exec(pattern) ?? [];
    // The first letter of a word is never replaced, so that a capital stays.
    const writtenOut = whole && !shape.includes('|');
    const [kept, replaced] = writtenOut
      ? [shape.slice(0, 1), shape.slice(1)]
      : shape.includes('|')
        ? shape.split('|')
        : ['', shape];
    const ending = replaced === '_' ? '' : (replaced ?? '');
    const row = {
      cut: ending.length,
      cases: casesOf(writtenOut ? cells.map(withoutFirst) : cells, ending, of),
    };
    for (const letter of letters === '' ? [''] : letters) {
      (whole ? words : endings).set(letter + kept + ending, row);
    }
  }
  return { words, endings, longest: Math.max(...[...endings.keys()].map((ending) => ending.length)) };
}

function withoutFirst(cell: string): string {
  const variants = cell.split('/').map((each) => (/^[.*-]$/.test(each) ? each : each.slice(1)));
  return variants.join('/');
}

function casesOf(cells: readonly string[], nominative: string, of: 'persons' | 'things'): Row['cases'] {
  if (cells[0] === '-') return undefined;
  const variants = (cell: string): string[] =>
    cell.split('/').map((each) => (each === '.' ? nominative : each === '_' ? '' : each));
  return Array.from({ length: CASES }, (_, index) => {
    const cell = cells[index] ?? '.';
    return variants(cell !== '*' ? cell : of === 'persons' ? (cells[0] ?? '.') : '.');
  });
}

/** `undefined` when the word does not change, or nothing is known about words that end like it. */
export function decline(word: string, by: Paradigms): Declined | undefined {
  const lower = word.toLowerCase();
  const plain = /[ё’ʼ`]/.test(lower) ? lower.replaceAll('ё', 'е').replace(/[’ʼ`]/g, "'") : lower;
  const row = by.words.get(plain) ?? rowOf(plain, by);
  if (!row?.cases) return undefined;
  const stem = word.slice(0, word.length - row.cut);
  return row.cases.map((endings) => endings.map((ending) => stem + ending));
}

/** Of an ending the word has something in front, so that a short word is never all ending. */
function rowOf(word: string, { endings, longest }: Paradigms): Row | undefined {
  for (let length = Math.min(longest, word.length - 1); length > 0; length -= 1) {
    const row = endings.get(word.slice(-length));
    if (row) return row;
  }
  return undefined;
}
