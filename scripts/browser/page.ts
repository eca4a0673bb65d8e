/** What runs in the browser. It is bundled with the library and asked by name, through `globalThis.ask`. */
import {
  defer,
  last,
  lastValueFrom,
  repeat,
  share,
  switchMap,
  take,
  toArray,
  type Observable,
  type Subscription,
} from 'rxjs';
import { anthropic, streamMessages } from '../../src/anthropic.js';
import {
  accumulateMessage,
  fromBytes,
  fromResponse,
  streamEvents,
  untilTerminal,
  type Codec,
  type Message,
  type StreamEvent,
} from '../../src/index.js';
import { ENTRY_MODULES } from '../entryModules.js';
import { CODECS } from './answers.js';
import { read } from './readings.js';

const answerIn = (codec: Codec): Promise<Response> => fetch(addressOf(codec));

/** Every way to a stream that a browser has. */
const SOURCES: Readonly<Record<string, (codec: Codec) => Observable<StreamEvent>>> = {
  'streamEvents of an address': (codec) => streamEvents(addressOf(codec), { codec }),
  'streamEvents of a URL': (codec) => streamEvents(new URL(addressOf(codec), location.href), { codec }),
  'streamEvents of a Request': (codec) =>
    streamEvents(new Request(addressOf(codec), { method: 'POST', body: '{"prompt":"Hello"}' }), { codec }),
  fromResponse: (codec) =>
    defer(() => answerIn(codec)).pipe(switchMap((answer) => fromResponse(answer, { codec }))),
  'fromBytes of a ReadableStream': (codec) =>
    defer(() => answerIn(codec)).pipe(switchMap(({ body }) => fromBytes(body ?? [], { codec }))),
  'fromBytes of text as a stream': (codec) =>
    defer(() => answerIn(codec)).pipe(
      switchMap(({ body }) => fromBytes(body?.pipeThrough(new TextDecoderStream()) ?? [], { codec })),
    ),
  'fromBytes of bytes': (codec) =>
    defer(async () => new Uint8Array(await (await answerIn(codec)).arrayBuffer())).pipe(
      switchMap((bytes) => fromBytes(bytes, { codec })),
    ),
};

let violations: string[] = [];
document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sample }) => {
  violations.push([violatedDirective, blockedURI, sample].join(' '));
});

// The browser's own record of requests would grow with each of them.
performance.setResourceTimingBufferSize(0);

let open: Subscription | undefined;

/** What a page holds that forgets nothing. */
let kept: readonly Message[] = [];

const checks = {
  sources: (): string[] => Object.keys(SOURCES),

  /** The answer in a protocol, as it comes out of a source, or of an operator behind it. */
  answer(source: string, protocol: string, operator?: string): Promise<string> {
    const make = SOURCES[source];
    if (make === undefined) throw new Error(`There is no source ${source}`);
    return read(make(codecOf(protocol)), operator);
  },

  /** The answer of the Messages API, whose address is that of this server. */
  messages: (): Promise<string> =>
    read(streamMessages({ model: 'm', max_tokens: 1, messages: [] }, { baseURL: location.origin })),

  /** How many schemas of all entries took a value that is none of theirs. Each is asked in each of the ways of zod. */
  async schemas(): Promise<{ readonly asked: number; readonly tookNonsense: number }> {
    const schemas = [
      ...ENTRY_MODULES.flatMap((entry): unknown[] => Object.values(entry)),
      ...CODECS.values(),
    ].flatMap(schemasIn);
    let tookNonsense = 0;
    for (const schema of schemas) {
      if (schema.safeParse(12).success) tookNonsense++;
      if ((await schema.safeParseAsync(12)).success) tookNonsense++;
      schema.safeParse({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: '' } });
    }
    return { asked: schemas.length, tookNonsense };
  },

  /** Begins to read; `unsubscribe` ends it. Settles with the first event, at once for `now`. */
  subscribe: (path: string, until: 'now' | 'first event' | 'completion'): Promise<void> =>
    new Promise((resolve, reject) => {
      open = streamEvents(path, { codec: anthropic })
        .pipe(untilTerminal())
        .subscribe({
          next: () => until === 'first event' && resolve(),
          error: (error: unknown) => reject(error instanceof Error ? error : new Error(String(error))),
          complete: () => resolve(),
        });
      if (until === 'now') resolve();
    }),

  /** The answer that is cut in its middle, and gone on with. The server is told when the first of it is here. */
  resumed(): Promise<string> {
    const begun = streamEvents('/chat', { codec: anthropic, method: 'POST', body: '{}', resume: true }).pipe(
      untilTerminal(),
      share(),
    );
    begun.pipe(take(1)).subscribe({ next: () => tell('/begun'), error: () => undefined });
    return read(begun);
  },

  unsubscribe: (): void => open?.unsubscribe(),

  kept: (): number => kept.length,

  /** Reads so many streams to their end, one after the other. */
  async streams(count: number): Promise<void> {
    await lastValueFrom(oneAnswer().pipe(repeat(count)));
  },

  /** As `streams`, but keeps all that came. */
  async keptStreams(count: number): Promise<void> {
    kept = await lastValueFrom(oneAnswer().pipe(last(), repeat(count), toArray()));
  },

  /** Leaves a stream in its middle so many times. */
  async leftStreams(count: number): Promise<void> {
    for (let time = 0; time < count; time++) {
      await checks.subscribe('/open', 'first event');
      checks.unsubscribe();
    }
  },

  /** What the policy of the page forbade since the last look. */
  violations(): string[] {
    const seen = violations;
    violations = [];
    return seen;
  },

  /** Makes code of text, which the policy forbids. */
  offend(): boolean {
    try {
      // oxlint-disable-next-line typescript/no-implied-eval -- it is what the policy is there for
      return typeof new Function('return 1') === 'function';
    } catch {
      return false;
    }
  },
};

export type Checks = typeof checks;

/**
 * Asks one of them by its name. It runs in a task of its own: while a debugger evaluates something, browsers let it make
 * code of text, whatever the policy.
 */
async function ask(name: keyof Checks, ...values: never[]): Promise<unknown> {
  await new Promise((resolve) => setTimeout(resolve));
  const check: (...values: never[]) => unknown = checks[name];
  return check(...values);
}

Object.assign(globalThis, { ask });

// A page that nobody evaluates anything in tells what it has read.
if (location.hash === '#resumed') {
  checks
    .resumed()
    .then((read) => tell('/told', read))
    .catch(reportError);
}

interface Schema {
  safeParse(value: unknown): { readonly success: boolean };
  safeParseAsync(value: unknown): Promise<{ readonly success: boolean }>;
}

/** The schemas that something exported is, or has as members. */
function schemasIn(exported: unknown): Schema[] {
  if (isSchema(exported)) return [exported];
  return typeof exported === 'object' && exported !== null
    ? Object.values<unknown>({ ...exported }).filter(isSchema)
    : [];
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && 'safeParse' in value && 'safeParseAsync' in value;
}

/** Tells the server something, which may be out of reach by the time that it answers. */
function tell(path: string, body = ''): void {
  fetch(path, { method: 'POST', body }).catch(() => undefined);
}

function oneAnswer(): Observable<Message> {
  return streamEvents(addressOf(anthropic), { codec: anthropic }).pipe(untilTerminal(), accumulateMessage());
}

function addressOf(codec: Codec): string {
  return `/answer?in=${codec.name}`;
}

function codecOf(name: string): Codec {
  const codec = CODECS.get(name);
  if (codec === undefined) throw new Error(`There is no protocol ${name}`);
  return codec;
}
