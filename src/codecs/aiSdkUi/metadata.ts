import type { Tokens } from '../kit/messageReader.js';
import type { Facts } from '../kit/facts.js';
import { asText, type Json } from '../kit/json.js';
import { count, holding } from '../kit/shape.js';
import { isRefused } from './refused.js';
import { membersOf } from './wire.js';

/** Numbers of tokens as a message counts them; those of the AI SDK have other names. */
const counts = holding({
  input_tokens: count,
  output_tokens: count,
  cache_creation_input_tokens: count,
  cache_read_input_tokens: count,
});

/** What the metadata of a message say. */
export interface MetadataRead {
  readonly facts: Facts;
  /** Why the message ends, where a server says it in our words. */
  readonly stop: string | undefined;
  /** What else the app says. */
  readonly others: Json | undefined;
}

/** Reads the metadata of a message: what a message has a place for, and what else there is. */
export function metadataIn(given: unknown): MetadataRead {
  const { messageId, model, usage, stopReason, stopSequence, ...rest } = membersOf(given);
  const isOurs = isUsage(usage);
  const others = {
    ...rest,
    ...unlessText({ messageId, model, stopReason, stopSequence }),
    ...(usage !== undefined && !isOurs && { usage }),
  };
  const stop = asText(stopReason);
  const facts: Facts = {
    id: asText(messageId),
    model: asText(model),
    usage: isOurs ? usage : undefined,
    stop,
    stop_sequence: asText(stopSequence),
  };
  return { facts, stop, others: Object.values(others).some(isSaid) ? others : undefined };
}

/** What is known of a message, as its metadata; `undefined` where nothing is. */
export function metadataOf(known: {
  readonly messageId?: string | undefined;
  readonly model?: string | undefined;
  readonly stopReason?: string | null | undefined;
  readonly stopSequence?: string | null | undefined;
  readonly usage?: Tokens | undefined;
  readonly others?: unknown;
}): Json | undefined {
  const { others, usage = {}, ...facts } = known;
  const told = Object.entries({ input_tokens: usage.input_tokens, ...usage }).filter(([, value]) =>
    isSaid(value),
  );
  const metadata = {
    ...(isRefused(others, JSON.stringify(others) ?? '') ? {} : membersOf(others)),
    ...Object.fromEntries(Object.entries(facts).filter(([, value]) => isSaid(value))),
    ...(told.length > 0 && { usage: Object.fromEntries(told) }),
  };
  return Object.keys(metadata).length === 0 ? undefined : metadata;
}

/** What the client was told of the messages so far. It adds to that what it is told of the next, as if they were one. */
export class ToldMetadata {
  readonly #facts = new Set<string>();
  readonly #counts = new Set<string>();

  /** @returns the same */
  note(metadata: Json | undefined): Json | undefined {
    for (const name of ['model', 'stopReason', 'stopSequence']) {
      if (isSaid(metadata?.[name])) this.#facts.add(name);
    }
    for (const name of Object.keys(membersOf(metadata?.['usage']))) this.#counts.add(name);
    return metadata;
  }

  /** @returns the metadata of another message, which take back what they do not say themselves */
  instead(metadata: Json = {}): Json {
    const counts = this.#counts.size === 0 ? [] : ['input_tokens', 'output_tokens', ...this.#counts];
    const usage = { ...nulls(counts), ...membersOf(metadata['usage']) };
    return { ...nulls(this.#facts), ...metadata, ...(Object.keys(usage).length > 0 && { usage }) };
  }
}

function nulls(names: Iterable<string>): Json {
  return Object.fromEntries(Array.from(names, (name) => [name, null]));
}

/** Whether anything is counted: of tokens in and out, 0 says at the start that nobody knows. */
export function isCounted({ input_tokens, output_tokens, ...others }: Tokens): boolean {
  return Boolean(input_tokens) || Boolean(output_tokens) || Object.values(others).some(isSaid);
}

function isUsage(usage: unknown): usage is Tokens {
  const members = membersOf(usage);
  const isNamed = 'input_tokens' in members || 'output_tokens' in members;
  return isNamed && counts.flawOf(members) === undefined;
}

/** Those that are not texts, and say something: they are the app's own. */
function unlessText(members: Json): Json {
  return Object.fromEntries(
    Object.entries(members).filter(([, value]) => isSaid(value) && typeof value !== 'string'),
  );
}

function isSaid(value: unknown): boolean {
  return (value ?? '') !== '';
}
