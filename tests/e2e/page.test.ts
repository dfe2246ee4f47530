import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Browser, Locator, Page } from 'playwright-core';
import type { Content } from '../../src/core/story.ts';
import { openEmbedded } from '../../src/store/embedded.ts';
import type { Follower, Store } from '../../src/store/store.ts';
import { describeBrowser, openBrowser } from '../support/browser.ts';
import { until } from '../support/events.ts';
import { temporaryFolder } from '../support/folder.ts';
import { type Service, startService } from '../support/service.ts';
import { content, draft, withdrawal } from '../support/stories.ts';
import { type Line, openLine } from './line.ts';

describeBrowser('the page', () => {
  let browser: Browser;
  let service: Service;
  let page: Page;
  let complaints: string[];

  beforeAll(async () => {
    if (!existsSync(fileURLToPath(new URL('../../dist/pages/index.html', import.meta.url)))) {
      throw new Error('The pages are not built: run `npm run build` before this test.');
    }
    browser = await openBrowser();
  });

  afterAll(() => browser?.close());

  beforeEach(async () => {
    service = await startService();
    const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, locale: 'en-GB' });
    // The pages of publishers do not exist; that they are asked for is enough.
    await context.route('https://news.example/**', (route) => route.fulfill({ body: 'a story' }));
    page = await context.newPage();
    page.setDefaultTimeout(15_000);
    complaints = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
  });

  afterEach(async () => {
    await page.context().close();
    await service.close();
  });

  async function visit(path = '/'): Promise<void> {
    await page.goto(service.url + path);
    await page.locator('[data-state="live"]').waitFor();
  }

  async function append(id: string, more: Partial<Content> = {}): Promise<void> {
    await service.store.append(draft(id, more));
  }

  const article = (id: string): Locator => page.locator(`article[data-id="test:${id}"]`);
  const chip = (key: string): Locator => page.locator(`#filter-bar [data-key="${key}"]`);
  const headlines = (): Promise<string[]> => page.locator('article h3').allTextContents();

  const topOf = (id: string): Promise<number> =>
    article(id).evaluate((element) => element.getBoundingClientRect().top);

  function shows(...expected: string[]): Promise<boolean> {
    return until(async () => (await headlines()).join() === expected.join(), `only ${expected.join()}`);
  }

  test('begins with the newest stories, newest first, in the languages they are written in', async () => {
    await append('old', { headline: 'Старе', language: 'uk', published: '2026-01-01T10:00:00.000Z' });
    await append('new', { headline: 'New', published: '2026-01-01T12:00:00.000Z' });
    await append('middle', { headline: 'Середина', language: 'uk', published: '2026-01-01T11:00:00.000Z' });

    await visit();

    await shows('New', 'Середина', 'Старе');
    expect(await article('old').locator('h3').getAttribute('lang')).toBe('uk');
    const link = article('new').getByRole('link', { name: 'New' });
    expect(await link.getAttribute('href')).toBe('https://news.example/new');
    expect(await link.getAttribute('rel')).toBe('noopener');
    expect(complaints).toEqual([]);
  });

  test('shows a story the moment it is in the log, changes it in its place, and takes it away when it is withdrawn', async () => {
    await append('other', { published: '2026-01-01T00:00:01.000Z' });
    await visit();
    await page.evaluate(() => Object.assign(window, { loadedOnce: true }));

    await append('a', { headline: 'First words' });
    await article('a').getByText('First words').waitFor();
    const element = await article('a').elementHandle();

    await append('a', { headline: 'Better words' });
    await article('a').and(page.locator('[data-version="2"]')).getByText('Better words').waitFor();
    await article('a').getByText('updated').waitFor();
    expect(await element?.getAttribute('data-version')).toBe('2');

    await service.store.append(withdrawal('a'));
    await article('a').getByText('withdrawn').waitFor();
    expect(await article('a').locator('s').textContent()).toBe('Better words');
    expect(await article('a').getByRole('link').count()).toBe(0);
    await article('a').waitFor({ state: 'detached' });

    await shows('Headline of other');
    expect(await page.evaluate(() => 'loadedOnce' in window)).toBe(true);
    expect(complaints).toEqual([]);
  });

  test('says of a correction that it is one', async () => {
    await append('a');
    await visit();

    const corrected = content('a', { description: 'Three, not four.' });
    await service.store.append({ kind: 'content', content: corrected, correction: true });

    await article('a').getByText('correction').waitFor();
  });

  test('shows only the chosen topic, and keeps the choice in the address', async () => {
    await append('politics', { headline: 'Politics', topics: ['politics'] });
    await append('sport', { headline: 'Sport', topics: ['sport'] });
    await visit();

    await chip('topic:sport').click();
    await shows('Sport');
    await append('more-sport', { headline: 'More sport', topics: ['sport'] });
    await append('more-politics', { headline: 'More politics', topics: ['politics'] });
    await append('most-sport', { headline: 'Most sport', topics: ['sport'] });

    await shows('Most sport', 'More sport', 'Sport');
    expect(new URL(page.url()).search).toBe('?topics=sport');
    await page.reload();
    await shows('Most sport', 'More sport', 'Sport');
    expect(await chip('topic:sport').getAttribute('aria-pressed')).toBe('true');
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await until(async () => (await headlines()).length === 5, 'all stories again');
    await page.goBack();
    await shows('Most sport', 'More sport', 'Sport');
    expect(complaints).toEqual([]);
  });

  test('offers the languages it has seen, and shows only the chosen one', async () => {
    await append('uk', { headline: 'Українською', language: 'uk' });
    await append('en', { headline: 'In English', language: 'en-GB' });
    await visit();

    await chip('language:uk').click();
    await shows('Українською');
    await append('en2', { headline: 'More English' });
    await append('uk2', { headline: 'Ще українською', language: 'uk' });
    await shows('Ще українською', 'Українською');

    await chip('language:en').click();
    await until(async () => (await headlines()).length === 4, 'both languages');
    expect(new URL(page.url()).search).toBe('?lang=uk,en');
  });

  test('takes any filter expression, together with what is pressed, and shows what is wrong with it', async () => {
    await append('a', { headline: 'Budget vote', topics: ['politics'] });
    await append('b', { headline: 'Cup final vote', topics: ['sport'] });
    await append('c', { headline: 'Голосування', topics: ['politics'], language: 'uk' });
    await visit();
    const box = page.getByRole('searchbox');

    await box.fill('politics AND NOT (');
    await box.press('Enter');
    await page.getByRole('alert').getByText('at character').waitFor();
    await shows();

    await box.fill('"vote" OR politics');
    await box.press('Enter');
    await until(async () => (await headlines()).length === 3, 'what the expression lets through');
    expect(await page.getByRole('alert').textContent()).toBe('');
    await chip('language:en').click();
    await shows('Cup final vote', 'Budget vote');

    await box.fill('nobody-has-heard-of-it');
    await box.press('Enter');
    await page.getByRole('alert').getByText('nobody-has-heard-of-it').waitFor();
  });

  test('lets nothing in a story become part of the page', async () => {
    const attack = '<img src=x onerror="window.attacked = true">';
    await visit();

    await append('hostile', {
      headline: attack,
      description: `<script>window.attacked = true</script>${attack}`,
      by: attack,
      source: { id: 'test', name: attack },
      link: 'javascript:window.attacked=true',
      image: { href: 'javascript:window.attacked=true', alt: attack },
    });

    await article('hostile').getByRole('heading').getByText(attack).waitFor();
    expect(await article('hostile').locator('img, script, a').count()).toBe(0);
    expect(await page.evaluate(() => 'attacked' in window)).toBe(false);
    expect(complaints).toEqual([]);
  });

  test('does not move what is being read, but says how much is new', async () => {
    for (let number = 1; number <= 20; number += 1) await append(String(number));
    await visit();
    await until(async () => (await headlines()).length === 20, 'all of them');
    await article('8').evaluate((element) => element.scrollIntoView({ behavior: 'instant' }));
    const place = await topOf('8');

    await append('new-1');
    await append('new-2');

    const pill = page.getByRole('button', { name: '2 new' });
    await pill.waitFor();
    expect(Math.abs((await topOf('8')) - place)).toBeLessThan(1);
    await pill.click();
    await until(() => page.evaluate(() => window.scrollY === 0), 'at the top');
    await pill.waitFor({ state: 'hidden' });
    expect((await headlines()).slice(0, 2)).toEqual(['Headline of new-2', 'Headline of new-1']);
  });

  test('keeps the newest 300 stories', async () => {
    await visit();
    const at = (number: number) => new Date(Date.UTC(2026, 0, 1) + number).toISOString();
    await Promise.all(
      Array.from({ length: 310 }, (_, index) => append(String(index + 1), { published: at(index + 1) })),
    );

    await article('310').waitFor();
    await until(async () => (await headlines()).length === 300, '300 stories');
    expect(await article('10').count()).toBe(0);
    await article('11').waitFor();
  });

  test('tells the service which story was opened', async () => {
    await append('a');
    await visit();

    const opened = page.waitForEvent('popup');
    await article('a').getByRole('link').click();
    await (await opened).close();

    await until(async () => (await service.store.views(['test:a'])).get('test:a') === 1, 'a view');
    await article('a').getByText('1 read').waitFor();
  });

  test('says when its gateway has lost the log, and when it has it again', async () => {
    const folder = temporaryFolder();
    const store = openEmbedded({ path: folder.path, retention: { stories: 10_000, hours: 72 } });
    let follower: Follower | undefined;
    const follow: Store['follow'] = (after, given) => {
      follower = given;
      return store.follow(after, given);
    };
    const gateway = await startService({ store: { ...store, follow } });
    try {
      await page.goto(gateway.url);
      await page.locator('[data-state="live"]').waitFor();

      follower?.link(false);
      await page.locator('[data-state="interrupted"]').waitFor();

      follower?.link(true);
      await page.locator('[data-state="live"]').waitFor();
    } finally {
      await gateway.close();
      await store.close();
      folder.remove();
    }
  });

  test('says that it is offline, and catches up when another gateway answers', async () => {
    const folder = temporaryFolder();
    const store = openEmbedded({ path: folder.path, retention: { stories: 10_000, hours: 72 } });
    let gateway = await startService({ store });
    const line: Line = await openLine(gateway.url);
    try {
      await store.append(draft('before'));
      await page.goto(line.url);
      await article('before').waitFor();
      await page.locator('[data-state="live"]').waitFor();
      await page.evaluate(() => Object.assign(window, { loadedOnce: true }));

      await gateway.close();
      await page.locator('[data-state="offline"]').waitFor();
      await store.append(draft('meanwhile'));
      await store.append(draft('before', { headline: 'Changed meanwhile' }));
      gateway = await startService({ store });
      line.connectTo(gateway.url);

      await page.locator('[data-state="live"]').waitFor();
      await article('meanwhile').waitFor();
      await article('before').getByText('Changed meanwhile').waitFor();
      await store.append(draft('after'));
      await article('after').waitFor();
      expect(await page.locator('article').count()).toBe(3);
      expect(await page.evaluate(() => 'loadedOnce' in window)).toBe(true);
    } finally {
      await line.close();
      await gateway.close();
      await store.close();
      folder.remove();
    }
  });
});
