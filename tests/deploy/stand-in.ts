import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { Server } from 'socket.io';

/** Stands in for a gateway behind the front: as little as the front can tell apart. */
export interface StandIn {
  name: string;
  port: number;
  /** How many Socket.IO clients it has. */
  clients(): number;
  /** From now on every request, upgrades too, is answered with 503. Who is connected stays. */
  refuse(): void;
  /** Gone at once, as after kill -9: every connection breaks and the port is closed. */
  die(): Promise<void>;
}

/** @param http answers what is not Socket.IO. */
export async function startStandIn(name: string, http: RequestListener): Promise<StandIn> {
  let refusing = false;
  const open = new Set<Socket>();
  const server = createServer((request, response) => {
    if (refusing) response.writeHead(503).end();
    else http(request, response);
  });
  server.on('connection', (socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
  });
  const io = new Server(server);
  io.on('connection', (socket) => socket.on('who', (answer: (name: string) => void) => answer(name)));

  // Socket.IO answers a refused upgrade with 4xx; a gateway that is full or leaving says 503, and that is what counts.
  const [upgrade] = server.listeners('upgrade');
  server.removeAllListeners('upgrade');
  server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    if (refusing) socket.end('HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n');
    else upgrade?.call(server, request, socket, head);
  });

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  return {
    name,
    port: (server.address() as AddressInfo).port,
    clients: () => io.of('/').sockets.size,
    refuse() {
      refusing = true;
    },
    async die() {
      for (const socket of open) socket.destroy();
      await io.close();
    },
  };
}
