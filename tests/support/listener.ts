import { io, type Socket } from 'socket.io-client';
import type { Story } from '../../src/core/story.ts';
import type {
  ClientToServer,
  Notice,
  Ready,
  ServerToClient,
  Subscribe,
  Subscribed,
} from '../../src/gateway/protocol.ts';
import { until } from './events.ts';

/** A stock Socket.IO client that writes down what it is sent. */
export interface Listener {
  socket: Socket<ServerToClient, ClientToServer>;
  stories: Story[];
  readies: Ready[];
  notices: Notice[];
  ids(): string[];
  subscribe(request: Subscribe | string[] | unknown): Promise<Subscribed>;
  /** Resolves with the `ready` of the subscription that has had so many of them. */
  ready(count?: number): Promise<Ready>;
  received(count: number): Promise<Story[]>;
  close(): void;
}

export async function listen(
  url: string,
  options: { transports?: string[]; token?: string } = {},
): Promise<Listener> {
  const { transports = ['websocket'], token } = options;
  const socket: Listener['socket'] = io(url, {
    transports,
    reconnection: false,
    forceNew: true,
    auth: token ? { token } : {},
  });
  const stories: Story[] = [];
  const readies: Ready[] = [];
  const notices: Notice[] = [];
  socket.on('story', (story) => stories.push(story as Story));
  socket.on('ready', (ready) => readies.push(ready));
  socket.on('notice', (notice) => notices.push(notice));
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', reject);
  });
  return {
    socket,
    stories,
    readies,
    notices,
    ids: () => stories.map((story) => story.id.replace('test:', '')),
    subscribe: (request) => socket.timeout(5_000).emitWithAck('subscribe', request as Subscribe),
    ready: (count = 1) => until(() => readies[count - 1], `ready number ${count}`),
    received: async (count) => {
      await until(() => stories.length >= count, `${count} stories (there are ${stories.length})`);
      return stories;
    },
    close: () => socket.disconnect(),
  };
}
