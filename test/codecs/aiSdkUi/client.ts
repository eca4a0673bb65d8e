import * as seven from 'ai';
import type * as ai from 'ai6';
import { tokensOf, type Shown } from './shown.js';

/** The same client, in both versions. */
export type Client = Pick<
  typeof ai,
  'DefaultChatTransport' | 'createUIMessageStream' | 'createUIMessageStreamResponse' | 'readUIMessageStream'
>;

/** What is used of it here is the same in both; the types of their parts differ, which a compiler takes for another client. */
export const SEVEN = seven as unknown as Client;

/** A part of a message, as far as it is looked at here. */
export interface Part {
  readonly type: string;
  readonly text?: string;
  readonly url?: string;
  readonly mediaType?: string;
  readonly toolCallId?: string;
  readonly toolName?: string;
  readonly state?: string;
  readonly input?: unknown;
  readonly rawInput?: unknown;
  readonly output?: unknown;
  readonly errorText?: string;
  readonly preliminary?: boolean;
  readonly providerExecuted?: boolean;
  readonly approval?: object;
}

/** What the client makes of a stream. */
export interface Read {
  readonly id: string;
  readonly parts: readonly Part[];
  readonly metadata: Metadata;
  /** What it complains of, and what the server says went wrong. */
  readonly errors: readonly string[];
  readonly isAborted: boolean;
  readonly finishReason: string | undefined;
}

interface Metadata {
  readonly model?: string | null;
  readonly stopReason?: string | null;
  readonly stopSequence?: string | null;
  readonly usage?: object;
}

/** The id of a message that came without one. */
const NONE = 'none';

/** What the strict reader of the client makes of the response to a request. */
export async function readBy(client: Client, api: string, fetch?: typeof globalThis.fetch): Promise<Read> {
  const errors: string[] = [];
  let message:
    { readonly id: string; readonly parts: readonly Part[]; readonly metadata?: unknown } | undefined;
  let end: { readonly isAborted: boolean; readonly finishReason?: string | undefined } = { isAborted: false };
  const transport = new client.DefaultChatTransport({ api, ...(fetch && { fetch }) });
  const response = await transport.sendMessages({
    chatId: 'c',
    trigger: 'submit-message',
    messageId: undefined,
    messages: [],
    abortSignal: undefined,
  });
  const saying = (error: unknown): string => (error as Error).message;
  const stream = client.createUIMessageStream({
    execute: ({ writer }) => {
      writer.merge(response);
    },
    generateId: () => NONE,
    onError: saying,
    onFinish: (event) => {
      end = event;
    },
  });
  const onError = (error: unknown): void => void errors.push(saying(error));
  for await (const shown of client.readUIMessageStream({ stream, onError })) message = shown;
  const { isAborted, finishReason } = end;
  const { id = '', parts = [], metadata = {} } = message ?? {};
  return { id, parts, metadata: metadata as Metadata, errors, isAborted, finishReason };
}

/** What is shown of a turn, to be compared with what it has to be. */
export function asShown({ id, parts, metadata, errors, isAborted, finishReason }: Read): Shown {
  const steps: object[][] = [];
  for (const part of parts) {
    if (part.type === 'step-start') steps.push([]);
    else if (part.type !== 'source-url') steps.at(-1)?.push(partOf(part));
  }
  const { model, stopReason, stopSequence, usage } = metadata;
  const hasFailed = errors.length > 0;
  return {
    steps: steps.filter(({ length }) => length > 0),
    sources: [...new Set(parts.flatMap(({ type, url }) => (type === 'source-url' ? [String(url)] : [])))],
    errors,
    isAborted,
    finishReason,
    id: id === NONE ? undefined : id,
    model: model ?? undefined,
    stopReason: hasFailed ? undefined : (stopReason ?? undefined),
    stopSequence: hasFailed ? undefined : (stopSequence ?? undefined),
    usage: hasFailed ? undefined : tokensOf(usage),
  };
}

function partOf(part: Part): object {
  const { type, text, state, url, mediaType, toolCallId, toolName, providerExecuted, approval } = part;
  if (type === 'file') return { type, url, mediaType };
  if (toolCallId === undefined) return { type, text, state };
  const names = { type, toolCallId, toolName, isProviders: providerExecuted === true };
  // What is shown of an input that is not whole nobody may run.
  if (state === 'input-streaming') return { ...names, state };
  const { input = part.rawInput, output, errorText, preliminary } = part;
  return { ...names, state, input, output, errorText, preliminary, approval };
}
