import { do_not_optimize } from 'mitata';
import { fragmentsOf } from './fragments.js';
import { importPeer } from './peers.js';
import { mostDeltas, type Run, type Subject } from './subject.js';

/** What is called of each peer; none need be installed for the benchmarks to compile. */
interface AiSdk {
  parsePartialJson(text: string): Promise<{ readonly value: unknown }>;
}

interface PartialJson {
  parse(text: string): unknown;
}

interface JsonRiver {
  parse(fragments: AsyncIterable<string>): AsyncIterable<unknown>;
}

interface StreamParser {
  readonly JSONParser: new (options: {
    readonly emitPartialTokens: boolean;
    readonly emitPartialValues: boolean;
  }) => { onValue: (element: Element) => void; write(fragment: string): void };
}

/** A value, the container it stands in, and the containers around that; the first of the stack stands for none. */
interface Element {
  readonly value?: unknown;
  readonly key?: string | number;
  readonly parent?: object;
  readonly stack: readonly { readonly value?: unknown }[];
}

/** Parsers of JSON that is not finished; the fragments reach them as the floor reads them. */
export const JSON_PEERS: readonly Subject[] = [
  {
    name: 'ai',
    how: '`parsePartialJson` of the whole text so far, as the AI SDK calls it',
    load: async (folder) => wholeText(((await importPeer(folder, 'ai')) as AiSdk).parsePartialJson),
    shows: mostDeltas,
  },
  {
    name: 'partial-json',
    how: '`parse` of the whole text so far',
    load: async (folder) => {
      const { parse } = (await importPeer(folder, 'partial-json')) as PartialJson;
      return (workload, view) => {
        let text = '';
        for (const fragment of fragmentsOf(workload)) {
          text += fragment;
          view.show(parse(text));
        }
      };
    },
    shows: mostDeltas,
  },
  {
    name: 'jsonriver',
    how: '`parse` of the fragments; the value it yields is one and the same, and changes',
    load: async (folder) => {
      const { parse } = (await importPeer(folder, 'jsonriver')) as JsonRiver;
      return async (workload, view) => {
        for await (const value of parse(inTurn(fragmentsOf(workload)))) view.show(value);
      };
    },
    shows: mostDeltas,
  },
  {
    name: '@streamparser/json',
    how: '`JSONParser` with partial tokens and values; the value changes, an open string stands beside it',
    load: async (folder) =>
      elements(((await importPeer(folder, '@streamparser/json')) as StreamParser).JSONParser),
    shows: mostDeltas,
  },
];

function wholeText(parsePartialJson: AiSdk['parsePartialJson']): Run {
  return async (workload, view) => {
    let text = '';
    for (const fragment of fragmentsOf(workload)) {
      text += fragment;
      view.show((await parsePartialJson(text)).value);
    }
  };
}

/** It tells each part of a value that a fragment touches; the last of them is looked at once a fragment. */
function elements(JSONParser: StreamParser['JSONParser']): Run {
  return (workload, view) => {
    const parser = new JSONParser({ emitPartialTokens: true, emitPartialValues: true });
    let latest: Element | undefined;
    let root: unknown;
    parser.onValue = (element) => {
      latest = element;
      root = outermost(element);
    };
    for (const fragment of fragmentsOf(workload)) {
      parser.write(fragment);
      do_not_optimize(latest?.value);
      view.show(root);
    }
  };
}

function outermost({ value, parent, stack }: Element): unknown {
  if (stack.length === 0) return value;
  return stack.length === 1 ? parent : stack[1]?.value;
}

function inTurn(fragments: Iterator<string>): AsyncIterable<string> {
  return { [Symbol.asyncIterator]: () => ({ next: () => Promise.resolve(fragments.next()) }) };
}
