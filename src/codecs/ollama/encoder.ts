import { isObject, parsed, type Json } from '../kit/json.js';
import { MessageEncoder } from '../kit/messageEncoder.js';
import type { Ending, ReadBlock, ReadCall, Reading } from '../kit/messageReader.js';
import { stopReasons, UNKNOWN_TIME, type OllamaApi } from './wire.js';

/** The members of {@link OllamaFields} that the last line has, and those that any line has. */
const AT_END = ['total_duration', 'load_duration', 'prompt_eval_duration', 'eval_duration', 'context'];
const ALWAYS = ['remote_model', 'remote_host'];

/** Writes the events of one stream as lines of one API. */
export class OllamaEncoder extends MessageEncoder {
  readonly #api: OllamaApi;
  /** What every line of the message begins with. */
  #heading: Json = { model: '', created_at: UNKNOWN_TIME };
  #fields: Json = {};
  #calls = 0;

  constructor(api: OllamaApi) {
    super();
    this.#api = api;
  }

  protected override write(reading: Reading): void {
    switch (reading.type) {
      case 'begin': {
        const { message } = reading;
        const { created_at = UNKNOWN_TIME } = message as { readonly created_at?: unknown };
        this.#heading = { model: message.model, created_at, ...chosen(message, ALWAYS) };
        this.#fields = chosen(message, AT_END);
        return this.#say({});
      }
      case 'text':
        return this.#say({ text: reading.piece });
      case 'thinking':
        return this.#say({ thinking: reading.piece });
      case 'open':
        return this.#image(reading.block);
      case 'whole':
        return this.#call(reading.call, reading.json);
      case 'facts':
        this.#fields = { ...this.#fields, ...chosen(reading.members, AT_END) };
        return;
      case 'end':
        return this.#end(reading.ending);
      case 'failure':
        this.#calls = 0;
        return this.put({ error: reading.event.error.message });
      default:
        // Calls are written whole, so one that was given up is not written at all. Nor is an event of an unknown type: the
        // official client takes every line for a part of the answer.
        return;
    }
  }

  /** What is new, as a line of the API: each says something of text, also where there is none. */
  #say({ text = '', thinking, images, tool_calls }: New): void {
    const isChat = this.#api === 'chat';
    if (!isChat && tool_calls !== undefined) return;
    const said = isChat
      ? { message: { role: 'assistant', content: text, thinking, images, tool_calls } }
      : { response: text, thinking, image: images?.[0] };
    this.put({ ...this.#heading, ...said, done: false });
  }

  #image({ block }: ReadBlock): void {
    const { type, source }: { readonly type: string; readonly source?: unknown } = block;
    if (type !== 'image' || !isObject(source) || typeof source['data'] !== 'string') return;
    this.#say({ images: [source['data']] });
  }

  /** A call is written once its input is whole, because Ollama sends a JSON object. */
  #call({ block: { id, name } }: ReadCall, json: string): void {
    const input = objectIn(json);
    if (input === undefined) return;
    const index = this.#calls++;
    this.#say({ tool_calls: [{ id, function: { index, name, arguments: input } }] });
  }

  #end({ stop, usage }: Ending): void {
    const isChat = this.#api === 'chat';
    this.put({
      ...this.#heading,
      ...(isChat ? { message: { role: 'assistant', content: '' } } : { response: '' }),
      done: true,
      done_reason: stopReasons.theirs(stop) ?? stop ?? undefined,
      ...this.#fields,
      prompt_eval_count: usage.input_tokens ?? undefined,
      eval_count: usage.output_tokens ?? undefined,
    });
    this.#calls = 0;
  }
}

/** What is new of an answer. */
interface New {
  readonly text?: string;
  readonly thinking?: string;
  readonly images?: readonly string[];
  readonly tool_calls?: readonly object[];
}

function chosen(fields: object, names: readonly string[]): Json {
  const found = names.map((name) => [name, (fields as Json)[name]] as const);
  return Object.fromEntries(found.filter(([, value]) => value !== undefined && value !== null));
}

/** The JSON object that a text is; `undefined` for any other text. */
function objectIn(json: string): Json | undefined {
  try {
    const value = parsed(json);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
