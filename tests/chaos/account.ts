import type { Fault } from './faults.ts';
import { clock, type Violation } from './oracle.ts';
import type { Seen, View } from './view.ts';

const SHOWN = 8;
const AROUND = 6;

/** What went wrong, for a person: each kind counted, the first ones told with what their client saw. */
export function account(violations: readonly Violation[]): string {
  const kinds = new Map<string, number>();
  // One of each kind before the second of any.
  const ranked = violations
    .map((violation) => {
      const rank = kinds.get(violation.kind) ?? 0;
      kinds.set(violation.kind, rank + 1);
      return { violation, rank };
    })
    .sort((a, b) => a.rank - b.rank)
    .slice(0, SHOWN);
  const counted = [...kinds].map(([kind, count]) => `${count} ${kind}`).join(', ');
  return [
    `${violations.length} violations: ${counted}`,
    ...ranked.map(({ violation }) => tell(violation)),
  ].join('\n\n');
}

function tell({ kind, text, view, sequence, story, at }: Violation): string {
  if (!view) return `[${kind}] ${text}`;
  const filter = view.filter === undefined ? 'everything' : JSON.stringify(view.filter);
  return [
    `[${kind}] ${view.name}, ${view.form}, ${filter}`,
    `  ${text}`,
    ...excerpt(
      view,
      (each) => (at === undefined ? placeOf(each) >= (sequence ?? Infinity) : each.at >= at),
      story,
    ).map((line) => `    ${line}`),
  ].join('\n');
}

/** What the client saw when it should have come, or did, and whatever it saw of the story. */
function excerpt({ seen }: View, isBeyond: (each: Seen) => boolean, story: string | undefined): string[] {
  const found = seen.findIndex(isBeyond);
  const middle = found === -1 ? seen.length : found;
  return seen.flatMap((each, index) => {
    const isNear = Math.abs(index - middle) <= AROUND;
    const isSame = each.kind === 'story' && each.story.id === story;
    return isNear || isSame ? [`${index === middle ? '> ' : '  '}${line(each)}`] : [];
  });
}

function placeOf(seen: Seen): number {
  if (seen.kind === 'story') return Number(seen.story.cursor.split('.')[1]);
  if (seen.kind === 'ready' || seen.kind === 'cursor') return Number(seen.cursor.split('.')[1]);
  return -1;
}

function line(seen: Seen): string {
  const at = clock(seen.at);
  switch (seen.kind) {
    case 'asked':
      return `${at} asks after ${seen.after ?? 'nothing'}${seen.last === undefined ? '' : `, the last ${seen.last}`}`;
    case 'answered':
      return `${at} is answered ${seen.cursor}${seen.gap ? ', with a gap' : ''}`;
    case 'story':
      return `${at} story ${seen.story.cursor} ${seen.story.id} ${seen.story.version} ${seen.story.status} ${seen.story.headline}`;
    case 'ready':
      return `${at} ready at ${seen.cursor} after ${seen.replayed}${seen.gap ? ', with a gap' : ''}`;
    case 'cursor':
      return `${at} cursor ${seen.cursor}`;
    case 'error':
      return `${at} error ${seen.message}`;
    default:
      return `${at} ${seen.kind}`;
  }
}

/** What happened, and when, so that it can be held against what the processes wrote. */
export function tellFaults(begun: number, faults: readonly Fault[]): string {
  return faults
    .map(({ kind, target, at, ms, resets }) => {
      const how = (kind === 'split' || kind === 'cut-off') && resets ? ', then reset' : '';
      return `  ${clock(begun + at)} ${kind} ${target} for ${Math.round(ms)} ms${how}`;
    })
    .join('\n');
}
