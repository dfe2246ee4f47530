import { percentile, shown } from './stats.ts';

export const SERVERS = ['gateway', 'naive', 'bare'] as const;
export type ServerName = (typeof SERVERS)[number];

/** Ours may cost at most this share of naive Socket.IO, or has to do at least so many times as much. */
export type Goal = { atMost: number } | { atLeast: number };

/** A figure of each server of each round; the same index is the same round. */
export type Figures = Record<ServerName, number[]>;

export const COLUMNS = [
  'measure',
  'goal',
  'ratio (range)',
  'met',
  'to bare ws (range)',
  'gateway',
  'naive',
  'bare ws',
];

export function noFigures(): Figures {
  return { gateway: [], naive: [], bare: [] };
}

/** A row of ours against both peers. */
export function comparedRow(what: string, figures: Figures, goal?: Goal): string[] {
  const ratios = perRound(figures.gateway, figures.naive);
  return [
    what,
    goal ? goalText(goal) : '',
    ranged(ratios),
    goal ? verdict(percentile(ratios, 50), goal) : '',
    ranged(perRound(figures.gateway, figures.bare)),
    ...SERVERS.map((name) => shown(percentile(figures[name], 50))),
  ];
}

/** A row of ours against ourselves under another load, or against another server that has no column. */
export function growthRow(what: string, more: number[], less: number[], goal?: Goal): string[] {
  const ratios = perRound(more, less);
  const figure = `${shown(percentile(more, 50))} to ${shown(percentile(less, 50))}`;
  const met = goal ? verdict(percentile(ratios, 50), goal) : '';
  return [what, goal ? goalText(goal) : '', ranged(ratios), met, '', figure, '', ''];
}

/** A row of one figure of ours alone. */
export function aloneRow(what: string, figure: number, goal?: Goal): string[] {
  return [what, goal ? goalText(goal) : '', '', goal ? verdict(figure, goal) : '', '', shown(figure), '', ''];
}

function perRound(values: number[], others: number[]): number[] {
  return values.map((value, round) => value / (others[round] ?? Number.NaN));
}

function ranged(ratios: number[]): string {
  const [median, min, max] = [percentile(ratios, 50), Math.min(...ratios), Math.max(...ratios)];
  return `${median.toFixed(2)} (${min.toFixed(2)}–${max.toFixed(2)})`;
}

function goalText(goal: Goal): string {
  return 'atMost' in goal ? `≤ ${goal.atMost}` : `≥ ${goal.atLeast}`;
}

function verdict(value: number, goal: Goal): string {
  return ('atMost' in goal ? value <= goal.atMost : value >= goal.atLeast) ? 'yes' : 'no';
}
