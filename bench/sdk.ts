import Anthropic from '@anthropic-ai/sdk';
import { do_not_optimize } from 'mitata';
import { streamOf } from './floor.js';
import type { Pipeline } from './pipeline.js';
import type { Workload } from './workloads.js';

const PARAMS = { model: 'claude', max_tokens: 1, messages: [{ role: 'user' as const, content: 'Hi' }] };

/** The provider's own SDK, on the same bytes. It can only pull. */
export const SDK: readonly Pipeline[] = [
  {
    name: 'official SDK, raw iterator',
    async run(workload) {
      let count = 0;
      for await (const event of await clientOf(workload).messages.create({ ...PARAMS, stream: true })) {
        do_not_optimize(event);
        count++;
      }
      return count;
    },
    outputs: ({ events, pings }) => events - pings,
  },
  {
    name: 'official SDK, MessageStream',
    async run(workload) {
      let count = 0;
      const stream = messageStreamOf(workload);
      stream.on('streamEvent', (_, snapshot) => {
        do_not_optimize(snapshot);
        count++;
      });
      await stream.done();
      return count;
    },
    outputs: ({ events, pings }) => events - pings,
    isQuadratic: true,
  },
];

/** The stream of the SDK that gathers the message. */
export function messageStreamOf(workload: Workload) {
  return clientOf(workload).messages.stream(PARAMS);
}

/** A client whose network is the workload. */
function clientOf({ chunks }: Workload): Anthropic {
  const headers = { 'content-type': 'text/event-stream' };
  return new Anthropic({
    apiKey: 'none',
    fetch: () => Promise.resolve(new Response(streamOf(chunks), { headers })),
  });
}
