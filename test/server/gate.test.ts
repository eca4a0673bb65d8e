import { lastValueFrom, toArray } from 'rxjs';
import { anthropic } from '../../src/anthropic.js';
import { fromBytes } from '../../src/index.js';
import { gate } from '../../src/server.js';
import { ANSWER, wire } from '../sources/loopback.js';

it('a closed gate keeps a source from asking for a chunk, and an open one lets it go on', async () => {
  const open = gate();
  open.next(false);
  let asked = 0;
  const rest = ANSWER.map((event) => new TextEncoder().encode(wire(event)));
  const source = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        asked++;
        const chunk = rest.shift();
        if (chunk === undefined) controller.close();
        else controller.enqueue(chunk);
        if (asked === 3) open.next(false);
      },
    },
    { highWaterMark: 0 },
  );
  const events = lastValueFrom(fromBytes(source, { codec: anthropic, gate: open }).pipe(toArray()));
  const turn = (): Promise<unknown> => new Promise((resolve) => setImmediate(resolve));
  await turn();
  expect(asked).toBe(0);
  open.next(true);
  await turn();
  expect(asked).toBe(3);
  open.next(true);
  expect(await events).toEqual(ANSWER);
});
