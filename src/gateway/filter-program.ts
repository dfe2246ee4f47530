import type { Expr, Prepared } from '../core/filter.ts';

/**
 * Filters made ready to be held against one story after the other by the thousand. What a filter asks (`politics`,
 * `lang:uk`) is a number that all filters share, decided once a story; a filter is a short list of such numbers. That
 * is about twice as fast as walking its Expr, which lies in many pieces all over the memory, and answers the same.
 */
export interface FilterPrograms {
  compile(expr: Expr): Program;
  /** Frees what the filter alone asked. */
  release(expr: Expr): void;
  /** From here on programs are held against this story. @param has its `conditionsOf` */
  begin(story: Prepared, has: readonly string[]): void;
  matches(program: Program): boolean;
  /** How many different conditions the filters have. */
  size(): number;
}

/**
 * A condition is its number. An operator is one of the negative ones below, where it ends, and then its parts.
 */
export type Program = readonly number[];

const ANY = -1;
const ALL = -2;
const NOT = -3;

interface Condition {
  readonly number: number;
  readonly phrase: string | undefined;
  /** How often filters ask it. */
  uses: number;
}

/** What is asked of a story without looking at its words: whatever condition has one of these texts holds. */
export function conditionsOf({ facets, topics }: Prepared): string[] {
  const has = [...topics, `source:${facets.source.id}`];
  let language = facets.language.toLowerCase();
  for (let end = language.length; end > 0; end = language.lastIndexOf('-')) {
    language = language.slice(0, end);
    has.push(`lang:${language}`);
  }
  for (const flag of new Set(facets.flags)) has.push(`flag:${flag}`);
  for (let urgency = 1; urgency <= 9; urgency += 1) {
    if (facets.urgency <= urgency) has.push(`urgency:${urgency}`);
  }
  return has;
}

export function createFilterPrograms(): FilterPrograms {
  const conditions = new Map<string, Condition>();
  const free: number[] = [];
  /** By the number of a condition: the last story for which it holds. */
  const holds: number[] = [0];
  /** By the number of a phrase: the last story in which it was looked for. */
  const sought: number[] = [0];
  const phrases: (string | undefined)[] = [undefined];
  let turn = 1;
  let searchable: Prepared['searchable'] = () => '';

  function use(expr: Expr): number {
    let condition = conditions.get(expr.text);
    if (!condition) {
      const phrase = expr.kind === 'phrase' ? expr.phrase : undefined;
      const number = free.pop() ?? holds.length;
      condition = { number, phrase, uses: 0 };
      conditions.set(expr.text, condition);
      holds[number] = 0;
      sought[number] = 0;
      phrases[number] = phrase;
    }
    condition.uses += 1;
    return condition.number;
  }

  function write(expr: Expr, program: number[]): void {
    if (expr.kind !== 'any' && expr.kind !== 'all' && expr.kind !== 'not') {
      if (expr.kind === 'everything') program.push(ALL, program.length + 2);
      else program.push(use(expr));
      return;
    }
    const start = program.length;
    program.push({ any: ANY, all: ALL, not: NOT }[expr.kind], 0);
    for (const part of expr.kind === 'not' ? [expr.of] : expr.of) write(part, program);
    program[start + 1] = program.length;
  }

  function release(expr: Expr): void {
    if (expr.kind === 'any' || expr.kind === 'all' || expr.kind === 'not') {
      for (const part of expr.kind === 'not' ? [expr.of] : expr.of) release(part);
      return;
    }
    const condition = conditions.get(expr.text);
    if (!condition) return;
    condition.uses -= 1;
    if (condition.uses > 0) return;
    conditions.delete(expr.text);
    phrases[condition.number] = undefined;
    free.push(condition.number);
  }

  function isTrue(number: number): boolean {
    if (holds[number] === turn) return true;
    const phrase = phrases[number];
    if (phrase === undefined || sought[number] === turn) return false;
    sought[number] = turn;
    if (!searchable().includes(phrase)) return false;
    holds[number] = turn;
    return true;
  }

  function run(program: Program, at: number): boolean {
    const code = program[at] ?? 0;
    if (code >= 0) return isTrue(code);
    const end = program[at + 1] ?? 0;
    if (code === NOT) return !run(program, at + 2);
    let part = at + 2;
    while (part < end) {
      if (run(program, part) === (code === ANY)) return code === ANY;
      part = (program[part] ?? 0) >= 0 ? part + 1 : (program[part + 1] ?? end);
    }
    return code === ALL;
  }

  return {
    compile(expr) {
      const program: number[] = [];
      write(expr, program);
      return program;
    },
    release,
    begin(story, has) {
      turn += 1;
      searchable = story.searchable;
      for (const text of has) {
        const condition = conditions.get(text);
        if (condition) holds[condition.number] = turn;
      }
    },
    matches: (program) => run(program, 0),
    size: () => conditions.size,
  };
}
