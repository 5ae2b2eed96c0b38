/** A proxy for HTTPS on this machine: it connects whoever asks by CONNECT to one server, whatever host was named, and notes what it saw. */

import { createServer, type IncomingMessage } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';

export interface ConnectProxy {
  /** `host:port` of every CONNECT, in order. */
  readonly asked: string[];
  /** The proxy-authorization header of each. */
  readonly users: (string | undefined)[];
  /** Every byte that went through in the clear, besides the CONNECT itself. */
  readonly plainRequests: string[];
  readonly url: string;
  /** What is answered instead of connecting. */
  answerInstead?: string | undefined;
  close(): Promise<void>;
}

/** @param port Of the server on this machine that stands for every host. */
export async function openConnectProxy(port: number): Promise<ConnectProxy> {
  const [asked, users, plainRequests, sockets]: [string[], (string | undefined)[], string[], Set<Socket>] = [[], [], [], new Set()];
  const server = createServer((request, response) => {
    plainRequests.push(request.url ?? '');
    response.writeHead(500).end();
  });
  server.on('connect', (request: IncomingMessage, client: Socket) => {
    asked.push(request.url ?? '');
    users.push(request.headers['proxy-authorization']);
    client.on('error', () => client.destroy());
    sockets.add(client);
    if (proxy.answerInstead !== undefined) {
      client.end(proxy.answerInstead);
      return;
    }
    const server = connect(port, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      client.pipe(server).pipe(client);
    });
    sockets.add(server);
    server.on('error', () => client.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const proxy: ConnectProxy = {
    asked,
    users,
    plainRequests,
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return proxy;
}
