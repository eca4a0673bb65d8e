/** The five protocols that this library was founded on, by the names of the packages that speak them. */
export const DOCUMENTS = {
  'anthropic-api': {
    file: '0-anthropic-api-stream-event.txt',
    what: 'the Rust crate `anthropic-api`, its `StreamEvent`',
  },
  anthropic_gleam: {
    file: '1-anthropic-gleam-streaming.txt',
    what: 'the Gleam package `anthropic_gleam`, its module `anthropic/types/streaming`',
  },
  modelrelay: {
    file: '2-modelrelay-ndjson-stream-event.txt',
    what: 'the Rust crate `modelrelay`, its `NdjsonStreamEvent`',
  },
  'llm-worker': { file: '3-llm-worker-event.txt', what: 'the Rust crate `llm-worker`, its `Event`' },
  synaps: {
    file: '4-synaps-assistant-event.txt',
    what: 'SynapsCLI (the Rust crates `synaps`), its `AssistantEvent`',
  },
} as const;

export type DocumentName = keyof typeof DOCUMENTS;

export type Kind = 'type' | 'variant' | 'constructor' | 'field' | 'function' | 'schema' | 'trait';

/** What stands for an item here. */
export interface Counterpart {
  /** The subpath of the package; empty for its root. */
  readonly entry: '' | `/${string}`;
  readonly export: string;
  /** What of the export it is: a property, or `property='literal'` for a value that it may have. */
  readonly member?: string;
}

/** A test, by its file and its name there, which may be a template. */
export interface Shown {
  readonly file: string;
  readonly name: string;
}

/** One thing that the documentation of a founding protocol names, and what stands for it here. */
export interface Item {
  readonly document: DocumentName;
  readonly kind: Kind;
  /** As the documentation has it, with what it belongs to before it. */
  readonly item: string;
  /** For a trait, its functions; for a group of traits, their names. */
  readonly includes: readonly string[];
  readonly standsFor: Counterpart;
  readonly note?: string;
  readonly test: Shown;
}

/**
 * An item in one line: its kind and name, its counterpart as `export.member` behind an entry such as `/synaps`, and
 * what else there is to say of it.
 */
export type Line = readonly [
  kind: Kind,
  item: string,
  here: string,
  test: Shown,
  note?: string,
  includes?: readonly string[],
];

export function itemsOf(document: DocumentName, lines: readonly Line[]): readonly Item[] {
  return lines.map(([kind, item, here, test, note, includes = []]) => ({
    document,
    kind,
    item,
    includes,
    standsFor: counterpart(here),
    ...(note !== undefined && { note }),
    test,
  }));
}

/** What an item is found by: its document, kind and name. */
export function keyOf({ document, kind, item }: Pick<Item, 'document' | 'kind' | 'item'>): string {
  return `${document}: ${kind} ${item}`;
}

/** The keys of an item and of all it includes. */
export function keysOf(item: Item): readonly string[] {
  return [keyOf(item), ...item.includes.map((name) => keyOf({ ...item, item: `${item.item}: ${name}` }))];
}

function counterpart(here: string): Counterpart {
  const [, entry = '', name = '', member] = /^(?:(\/[\w-]+) )?(\w+)(?:\.(.+))?$/.exec(here) ?? [];
  return { entry: entry as Counterpart['entry'], export: name, ...(member !== undefined && { member }) };
}
