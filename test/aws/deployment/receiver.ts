/** A receiver of webhooks on this machine. */

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** What it got, and where it listens. */
export interface Receiver {
  readonly url: string;
  readonly got: readonly { readonly id: string; readonly isSigned: boolean; readonly body: string }[];
  close(): Promise<void>;
}

export async function startReceiver(): Promise<Receiver> {
  const got: { id: string; isSigned: boolean; body: string }[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const { 'webhook-id': id, 'webhook-signature': signature } = request.headers;
      got.push({ id: String(id), isSigned: String(signature).startsWith('v1,'), body });
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`,
    got,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}
