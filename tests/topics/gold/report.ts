import { parseArgs } from 'node:util';
import { loadTopics } from '../../../src/topics/topics.ts';
import { readItems, type Share, score } from './score.ts';

/** `npx tsx tests/topics/gold/report.ts [--mistakes] [--set development]`: what the tagger makes of the gold set. */
const { values } = parseArgs({
  options: { mistakes: { type: 'boolean', default: false }, set: { type: 'string' } },
});
const topics = await loadTopics();
const print = (line: string) => process.stdout.write(`${line}\n`);
const shown = ({ value, low, high, hits, of }: Share) =>
  `${value.toFixed(3)} (${low.toFixed(3)}–${high.toFixed(3)}, ${hits}/${of})`;

for (const language of ['uk', 'ru', 'en']) {
  const items =
    values.set === undefined
      ? await readItems(language)
      : (await readItems(values.set)).filter((item) => item.language === language);
  const result = score(items, language, topics);
  print(`${language}: ${result.items} stories`);
  for (const [name, value] of Object.entries(result)) {
    if (typeof value === 'object' && 'low' in value) print(`  ${name.padEnd(18)} ${shown(value)}`);
  }
  if (!values.mistakes) continue;
  for (const { headline, wrong, missed, unknown } of result.mistakes) {
    print(`  - ${headline}`);
    if (wrong.length > 0) print(`      too much: ${wrong.join(' ')}`);
    if (missed.length > 0) print(`      missed:   ${missed.join(' ')}`);
    if (unknown.length > 0) print(`      unknown:  ${unknown.join(' ')}`);
  }
}
