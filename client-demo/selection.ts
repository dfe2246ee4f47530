import type { Filter } from '../src/client/wire.ts';
import { parseFilterText } from '../src/core/filter-text.ts';

/** What the reader has chosen to see: any of the topics, in any of the languages, and what the expression says. */
export interface Selection {
  topics: readonly string[];
  languages: readonly string[];
  /** A filter in its text form, as the reader wrote it. */
  expression: string;
}

export const NOTHING_CHOSEN: Selection = { topics: [], languages: [], expression: '' };

/** @param search the query of a URL, such as `?topics=politics,economy&lang=uk&filter=NOT+sport` */
export function readSelection(search: string): Selection {
  const query = new URLSearchParams(search);
  return {
    topics: list(query.get('topics')),
    languages: list(query.get('lang')),
    expression: query.get('filter')?.trim() ?? '',
  };
}

export function writeSelection({ topics, languages, expression }: Selection): string {
  const query = new URLSearchParams();
  if (topics.length > 0) query.set('topics', topics.join());
  if (languages.length > 0) query.set('lang', languages.join());
  if (expression !== '') query.set('filter', expression);
  // A comma and a colon may stand in a query as they are, and a shared address should be readable.
  const text = query.toString().replaceAll('%2C', ',').replaceAll('%3A', ':');
  return text === '' ? '' : `?${text}`;
}

/** @throws {WireError} `invalid_filter` when the expression, joined to other choices, cannot be read. */
export function toFilter({ topics, languages, expression }: Selection): Filter | string | undefined {
  const chosen: Filter[] = [];
  if (topics.length > 0) chosen.push([...topics]);
  if (languages.length > 0) chosen.push({ language: [...languages] });
  // Alone it goes as it is, so that the server's answer speaks of the reader's own words.
  if (chosen.length === 0) return expression === '' ? undefined : expression;
  if (expression !== '') chosen.push(parseFilterText(expression));
  return { all: chosen };
}

export function toggled(values: readonly string[], value: string): string[] {
  return values.includes(value) ? values.filter((each) => each !== value) : [...values, value];
}

function list(text: string | null): string[] {
  return [...new Set((text ?? '').split(',').map((each) => each.trim()))].filter((each) => each !== '');
}
