import { existsSync } from 'node:fs';
import type { RequestListener, ServerResponse } from 'node:http';
import { pathToFileURL } from 'node:url';
import { do_not_optimize } from 'mitata';
import { streamOf } from './floor.js';
import type { Pipeline } from './pipeline.js';

/** What is called of the AI SDK; it need not be installed for the benchmarks to compile. */
interface AiSdk {
  streamText(options: { readonly model: unknown; readonly prompt: string }): {
    readonly fullStream: AsyncIterable<unknown>;
    pipeUIMessageStreamToResponse(response: ServerResponse): Promise<void>;
  };
}

interface AiSdkProvider {
  createAnthropic(options: {
    readonly apiKey: string;
    readonly baseURL?: string;
    readonly fetch?: () => Promise<Response>;
  }): (model: string) => unknown;
}

/** Loads a peer of this folder, from the built file as from the source. */
export async function importPeer(folder: string, name: string): Promise<unknown> {
  const { load } = (await import(pathToFileURL(`${folder}/load.js`).href)) as {
    load(name: string): Promise<unknown>;
  };
  return load(name);
}

/** Whether the peers are installed in this folder. */
export function arePeersInstalled(folder: string): boolean {
  return existsSync(`${folder}/node_modules/ai/package.json`);
}

/** Other libraries that read the same bytes. */
export async function loadPeers(folder: string): Promise<readonly Pipeline[]> {
  if (!arePeersInstalled(folder)) return [];
  const { streamText } = (await importPeer(folder, 'ai')) as AiSdk;
  const { createAnthropic } = (await importPeer(folder, '@ai-sdk/anthropic')) as AiSdkProvider;
  return [
    {
      name: PEERS[0],
      async run({ chunks }) {
        const headers = { 'content-type': 'text/event-stream' };
        const fetch = (): Promise<Response> => Promise.resolve(new Response(streamOf(chunks), { headers }));
        const model = createAnthropic({ apiKey: 'none', fetch })('claude');
        let count = 0;
        for await (const part of streamText({ model, prompt: 'Hi' }).fullStream) {
          do_not_optimize(part);
          if ((part as { readonly type?: unknown }).type === 'text-delta') count++;
        }
        return count;
      },
      outputs: ({ deltas }) => deltas,
    },
  ];
}

/** What {@link loadPeers} gives. */
export const PEERS = ['AI SDK, fullStream'] as const;

/** The AI SDK between a provider and its clients, as its documentation has it. */
export async function aiGateway(folder: string, upstream: string): Promise<RequestListener> {
  const { streamText } = (await importPeer(folder, 'ai')) as AiSdk;
  const { createAnthropic } = (await importPeer(folder, '@ai-sdk/anthropic')) as AiSdkProvider;
  const model = createAnthropic({ apiKey: 'none', baseURL: upstream })('claude');
  return (_, response) => {
    streamText({ model, prompt: 'Hi' })
      .pipeUIMessageStreamToResponse(response)
      .catch(() => response.destroy());
  };
}
