/** Times as a reader in this browser's zone sees them; `time` is RFC 3339. Newsrooms count hours to 24. */

const CLOCK = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const YEAR = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });
const FULL = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeStyle: 'long', hourCycle: 'h23' });

export function clock(time: string): string {
  return CLOCK.format(new Date(time));
}

/** Empty for today. */
export function day(time: string, now = new Date()): string {
  const date = new Date(time);
  if (date.toDateString() === now.toDateString()) return '';
  return (date.getFullYear() === now.getFullYear() ? DAY : YEAR).format(date);
}

export function fullTime(time: string): string {
  return FULL.format(new Date(time));
}

/** Calls back at each midnight, when what was today no longer is. Answers how to stop. */
export function onNewDay(changed: () => void): () => void {
  let today = new Date().toDateString();
  const timer = setInterval(() => {
    const now = new Date().toDateString();
    if (now === today) return;
    today = now;
    changed();
  }, 30_000);
  return () => clearInterval(timer);
}
