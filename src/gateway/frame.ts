import { type CompactStory, compact, type Entry, type Story, type View } from '../core/story.ts';

/** One entry on its way to clients. Each form of it is made once, when the first client needs it, whoever gets it. */
export interface Frame {
  readonly entry: Entry;
  /** A Socket.IO event packet of the namespace `/`: `2["story",{…}]`. */
  packet(view: View): string;
  /** A Server-Sent Event; its id is the cursor. */
  event(view: View): string;
}

export function createFrame(entry: Entry): Frame {
  const json = once((view) => JSON.stringify(viewed(entry.story, view)));
  return {
    entry,
    packet: once((view) => `2["story",${json(view)}]`),
    event: once((view) => `event: story\nid: ${entry.story.cursor}\ndata: ${json(view)}\n\n`),
  };
}

export function viewed(story: Story, view: View): Story | CompactStory {
  return view === 'compact' ? compact(story) : story;
}

function once(make: (view: View) => string): (view: View) => string {
  const made: Partial<Record<View, string>> = {};
  return (view) => {
    made[view] ??= make(view);
    return made[view];
  };
}
