import { describe, expect, test } from '@jest/globals';
import { parseVocabulary } from '../../src/topics/vocabulary.ts';

const POLITICS = `# the file begins with a comment
politics:
  medtop: medtop:11000000
  names:
    uk: Політика
    en: Politics
  sections: [Policy, Здоров'я влади]
`;

const parse = (text: string) => parseVocabulary([{ name: 'events.yaml', text }]);

describe('a vocabulary file that cannot be read is refused, with its name and line', () => {
  const mistakes: [problem: string, text: string, line: number, says: RegExp][] = [
    ['broken YAML', `${POLITICS}war: [\n`, 9, /flow/i],
    ['a tab for indentation', 'war:\n\tnames: x\n', 2, /tab/i],
    ['a second document', `${POLITICS}---\nwar:\n  names: { en: War }\n`, 8, /document/],
    ['a list instead of topics', '# list\n- politics\n', 2, /expected topics/],
    ['an id with a capital', `${POLITICS}War:\n  names: { en: War }\n`, 8, /"War" is not a topic id/],
    ['an unknown kind of id', 'thing:x:\n  names: { en: War }\n', 1, /"thing:x" is not a topic id/],
    ['no id at all', '? [a, b]\n: names: { en: War }\n', 1, /is not a topic id/],
    ['a topic with nothing in it', `${POLITICS}war:\n`, 8, /war: /],
    ['a topic without names', `${POLITICS}war:\n  sections: [War]\n`, 8, /war › names/],
    ['empty names', `${POLITICS}war:\n  names: {}\n`, 9, /a name in at least one language/],
    [
      'a language that is none',
      'war:\n  names:\n    en: War\n    Ukrainian: Війна\n',
      4,
      /not a language tag/,
    ],
    ['an empty name', 'war:\n  names:\n    en: War\n    uk:\n', 4, /no letter or digit/],
    [
      'an alias of signs only',
      'war:\n  names: { en: War }\n  sections:\n    - Warfare\n    - "!!"\n',
      5,
      /no letter/,
    ],
    ['one alias that is no list', 'war:\n  names: { en: War }\n  sections: Warfare\n', 3, /expected array/],
    [
      'an alias within a list',
      'war:\n  names: { en: War }\n  sections: [\n    [Warfare]]\n',
      4,
      /expected string/,
    ],
    [
      'an alias that YAML takes for a reference',
      'war:\n  names: { en: War }\n  sections: [\n    *War]\n',
      4,
      /quotes/,
    ],
    ['an alias of a subject', 'war:\n  names: { en: War }\n  aliases: { en: [W] }\n', 3, /is for persons/],
    [
      'keywords of a person',
      'person:a:\n  names: { en: A }\n  keywords: { en: [b] }\n',
      3,
      /is for subjects/,
    ],
    ['aliases without languages', 'person:a:\n  names: { en: A }\n  aliases: [B]\n', 3, /aliases/],
    [
      'an alias in no language',
      'person:a:\n  names: { en: A }\n  aliases: { "?": [B] }\n',
      3,
      /neither a language/,
    ],
    [
      'an alias that is a list',
      'person:a:\n  names: { en: A }\n  aliases:\n    en:\n    - [B]\n',
      5,
      /neither a name/,
    ],
    [
      'an unknown condition',
      'person:a:\n  names: { en: A }\n  aliases:\n    en:\n    - { text: B, need: [c] }\n',
      5,
      /need/,
    ],
    [
      'a keyword that is an ending alone',
      'war:\n  names: { en: War }\n  keywords:\n    en: [war, "*"]\n',
      4,
      /no letter|pattern/,
    ],
    [
      'an alias of two persons',
      'person:a:\n  names: { en: A }\nperson:b:\n  names: { en: B }\n  aliases: { en: [C, A] }\n',
      5,
      /"A" already stands for person:a/,
    ],
    [
      'a need that is no topic',
      'person:a:\n  names: { en: A }\n  aliases:\n    en: [{ text: B, needs: [org:x] }]\n',
      4,
      /"org:x", which is no topic/,
    ],
    [
      'a suggestion that is no subject',
      'person:a:\n  names: { en: A }\n  suggests: [war]\n',
      3,
      /"war" is no subject/,
    ],
    ['an unknown field', 'war:\n  names: { en: War }\n  alias: [Warfare]\n', 3, /war › alias/],
    ['a code that is none', 'war:\n  names: { en: War }\n  medtop: 16000000\n', 3, /Media Topic code/],
    ['a language twice', 'war:\n  names:\n    en: War\n    en: Warfare\n', 4, /unique.*en: Warfare/],
    ['an id twice', `${POLITICS}politics:\n  names: { en: War }\n`, 8, /unique.*politics/],
    [
      'a code of two topics',
      `${POLITICS}war:\n  names: { en: War }\n  medtop: medtop:11000000\n`,
      10,
      /"medtop:11000000" already stands for politics \(events\.yaml, line 2\)/,
    ],
    [
      'a name that is another topic’s alias',
      `${POLITICS}war:\n  names:\n    en: War\n    uk: policy\n`,
      11,
      /"policy" already stands for politics/,
    ],
    [
      'an alias that differs from another in case, spaces and apostrophe only',
      `${POLITICS}war:\n  names: { en: War }\n  sections:\n    - Warfare\n    - "здоров’я  ВЛАДИ"\n`,
      12,
      /already stands for politics/,
    ],
    [
      'an unknown parent',
      `${POLITICS}war:\n  names: { en: War }\n  parents:\n    - politics\n    - conflict\n`,
      12,
      /the parent "conflict" of war is no topic/,
    ],
    ['its own parent', 'war:\n  names: { en: War }\n  parents: [war]\n', 3, /war is its own ancestor/],
    [
      'a circle of parents',
      'a:\n  names: { en: A }\n  parents: [b]\nb:\n  names: { en: B }\n  parents: [c]\nc:\n  names: { en: C }\n  parents: [b]\n',
      6,
      /b is its own ancestor, through c/,
    ],
  ];

  test.each(mistakes)('%s', (_, text, line, says) => {
    let message = '';
    try {
      parse(text);
    } catch (error) {
      message = String((error as Error).message);
    }
    expect(message.startsWith(`events.yaml, line ${line}: `) ? '' : message).toBe('');
    expect(message).toMatch(says);
    expect(message).not.toContain('\n');
  });

  test('an id that another file has', () => {
    const files = [
      { name: 'subjects.yaml', text: POLITICS },
      { name: 'events.yaml', text: '\npolitics:\n  names: { en: Power }\n' },
    ];
    expect(() => parseVocabulary(files)).toThrow(
      'events.yaml, line 2: "politics" already stands for politics (subjects.yaml, line 2)',
    );
  });
});

describe('a vocabulary file', () => {
  test('may name a parent that stands in a later file', () => {
    const vocabulary = parseVocabulary([
      {
        name: 'events.yaml',
        text: 'war-in-ukraine:\n  parents: [conflict]\n  names: { en: War in Ukraine }\n',
      },
      { name: 'subjects.yaml', text: 'conflict:\n  names: { en: Conflict }\n' },
    ]);
    expect(vocabulary.withAncestors(['war-in-ukraine'])).toEqual(['war-in-ukraine', 'conflict']);
  });

  test('may be empty', () => {
    expect(parse('# nothing yet\n').all()).toEqual([]);
    expect(parseVocabulary([]).all()).toEqual([]);
  });

  test('may repeat a word within one topic: the same name in two languages', () => {
    expect(parse('sport:\n  names: { en: Sport, de: Sport }\n  sections: [sport]\n').byName('SPORT')).toBe(
      'sport',
    );
  });

  test('has words that look like numbers, dates or booleans', () => {
    const vocabulary = parse(
      '2024:\n  names: { en: 2024, no: no }\n  sections: [null, true, 1984, 24.02.2022]\n',
    );
    expect(vocabulary.get('2024')).toMatchObject({
      id: '2024',
      parents: [],
      names: { en: '2024', no: 'no' },
      sections: ['null', 'true', '1984', '24.02.2022'],
    });
  });
});
