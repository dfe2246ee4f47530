import type { Table } from './measure.ts';

export interface Report {
  date: Date;
  /** How the run was started. */
  command: string;
  quick: boolean;
  machine: [name: string, value: string][];
  tables: Table[];
}

/** The whole of docs/benchmarks.md. Nobody edits it: what it should say is said here, or by the measure. */
export function markdown({ date, command, quick, machine, tables }: Report): string {
  return [
    '# Benchmarks',
    '',
    `Written by \`${command}\` on ${date.toISOString().slice(0, 10)}; run it again rather than edit it.`,
    ...(quick ? ['', '**A quick run: it shows that everything works, and its numbers mean nothing.**'] : []),
    '',
    'Servers, clients, Redis and the process that writes stories all run on one machine and share its cores. On a',
    'machine that does other work beside them, times vary by tens of percent from run to run: trust the ratios, whose',
    'two sides were measured in turns within one run, more than the times, and a difference under 15% not at all.',
    '',
    ...grid(['machine', ''], machine),
    ...tables.flatMap(({ title, how, columns, rows }) => [
      '',
      `## ${title}`,
      '',
      how,
      '',
      ...grid(columns, rows),
    ]),
    '',
  ].join('\n');
}

function grid(columns: string[], rows: string[][]): string[] {
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
  return [line(columns), line(columns.map(() => '---')), ...rows.map(line)];
}
