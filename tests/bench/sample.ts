import type { Content, Story } from '../../src/core/story.ts';
import type { Draft } from '../../src/store/store.ts';
import { content } from '../support/stories.ts';

/** The topic that every story of the bench has, and every client asks for. */
export const TOPIC = 'politics';
/** Where the naive ingestor publishes stories as JSON. */
export const CHANNEL = 'naive:stories';

const LEDE =
  'Lawmakers met late on Thursday to settle the last open points of next year’s budget, after two weeks of talks.';
const BODY =
  '<p>The vote is expected on Monday. Both of the larger parties said that they would support the compromise, which ' +
  'leaves spending on schools and hospitals as it was and puts off the new road levy by a year.</p><p>“Nobody got ' +
  'all that they asked for,” the speaker told reporters, “and that is how one can tell that it is fair.”</p><p>The ' +
  'finance ministry will publish the full tables on Friday at noon.</p>';

function sampleContent(number: number): Content {
  return content(String(number), {
    headline: `Parliament agrees on the budget, reading ${number}`,
    description: LEDE,
    body: BODY,
    sections: ['Politics', 'Economy'],
    topics: [TOPIC, 'economy', 'place:ukraine'],
  });
}

/** Story `number` as an ingestor hands it in; about 1 KB of JSON when it has become a story. */
export function sampleDraft(number: number): Draft {
  return { kind: 'content', content: sampleContent(number) };
}

/** The same story as it is sent, for a server without a store to make it one. */
export function sampleStory(number: number): Story {
  const at = new Date().toISOString();
  return {
    version: 1,
    status: 'usable',
    change: 'new',
    cursor: `abcdef0123.${number}`,
    firstCreated: at,
    versionCreated: at,
    ...sampleContent(number),
  };
}

export function numberOf(id: string): number {
  return Number(id.slice(id.indexOf(':') + 1));
}
