import { DurableStreamTestServer } from '@durable-streams/server';
import { durableStreamsLog } from '../../../src/log/durable-streams.js';
import { lawsOf } from '../laws.js';

let server: DurableStreamTestServer | undefined;
let logs = 0;

afterAll(() => server?.stop());

lawsOf({
  name: 'durableStreamsLog',
  runs: 30,
  async open() {
    if (server === undefined) {
      server = new DurableStreamTestServer({ port: 0 });
      await server.start();
    }
    return durableStreamsLog(`${server.url}/${logs++}`);
  },
  async settle(has) {
    const late = Date.now() + 10_000;
    while (!has() && Date.now() < late) await new Promise((resolve) => setImmediate(resolve));
  },
});
