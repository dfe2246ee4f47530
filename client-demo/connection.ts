import type { Notice, State, Wire } from '../src/client/wire.ts';
import { element } from './element.ts';
import { clock } from './time.ts';

/** What the mark says, beside the wire's own states: `interrupted`, connected to a gateway that has lost the log. */
type Shown = State | 'interrupted';

const NOTICE_MS = 20_000;

export interface Connection {
  /** Shows a message for a while. */
  say(message: string): void;
}

/** The state of the connection, and what the server has to say of it. */
export function createConnection(wire: Wire, mark: HTMLElement, notice: HTMLElement): Connection {
  let degraded = false;
  let offlineSince: string | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function shown(): Shown {
    return degraded && (wire.state === 'live' || wire.state === 'catching-up') ? 'interrupted' : wire.state;
  }

  function show(): void {
    const state = shown();
    mark.dataset.state = state;
    mark.replaceChildren(element('span', { className: 'dot', aria: { hidden: 'true' } }), words(state));
  }

  function words(state: Shown): string {
    switch (state) {
      case 'connecting':
        return 'Connecting';
      case 'catching-up':
        return 'Catching up';
      case 'live':
        return 'Live';
      case 'interrupted':
        return 'Interrupted';
      case 'offline':
        return offlineSince === undefined ? 'Offline' : `Offline since ${clock(offlineSince)}`;
      case 'refused':
        return 'Refused';
      case 'closed':
        return 'Closed';
    }
  }

  function say(message: string): void {
    clearTimeout(timer);
    notice.textContent = message;
    timer = setTimeout(() => notice.replaceChildren(), NOTICE_MS);
  }

  wire.on('state', (state) => {
    if (state === 'offline') {
      degraded = false;
      offlineSince ??= new Date().toISOString();
    }
    if (state === 'live') offlineSince = undefined;
    show();
  });
  wire.on('notice', ({ code, message }: Notice) => {
    if (code === 'degraded') degraded = true;
    if (code === 'restored') degraded = false;
    // That a node closes is its own affair: this client goes to another.
    if (code !== 'draining') say(message);
    show();
  });
  wire.on('error', ({ message }) => {
    clearTimeout(timer);
    notice.textContent = message;
  });
  show();
  return { say };
}
