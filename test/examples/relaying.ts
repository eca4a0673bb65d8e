import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { relay, type RelayOptions } from '../../examples/relay/relay.js';

export { dawdler, Reader, Timers } from '../server/clients.js';

const open: Server[] = [];

/** Starts a relay; `closeRelays` ends it. Its clients find `/<protocol>` below the address. */
export async function relaying(options: RelayOptions): Promise<string> {
  const server = createServer(relay(options));
  open.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Ends all relays, with what is connected to them. */
export async function closeRelays(): Promise<void> {
  for (const server of open.splice(0)) {
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  }
}
