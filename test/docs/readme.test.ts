import { readFileSync } from 'node:fs';
import { compileFunction } from 'node:vm';
import ts from 'typescript';
import { vi } from 'vitest';
import * as zod from 'zod';
import * as rxjs from 'rxjs';
import { anthropic } from '../../src/anthropic.js';
import * as anthropicEntry from '../../src/anthropic.js';
import * as library from '../../src/index.js';
import * as otelEntry from '../../src/otel.js';
import type { Conversation } from '../../src/index.js';
import { mockFetch } from '../../src/testing/network/mockFetch.js';
import { script } from '../../src/testing/script/script.js';
import { traced } from '../otel/traced.js';

const page = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const examples = Array.from(page.matchAll(/^```ts\n([^]*?)^```$/gm), ([, code = '']) => code);

const modules: Record<string, object> = {
  rxjs,
  'rxjs-llm-stream': library,
  'rxjs-llm-stream/anthropic': anthropicEntry,
  'rxjs-llm-stream/otel': otelEntry,
  zod,
};

/** Runs a block with what its application has: a place to draw, a button, and a `fetch`. */
function run(code: string, application: Readonly<Record<string, unknown>>): void {
  const compilerOptions = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 };
  const { outputText } = ts.transpileModule(code, { compilerOptions });
  const block = compileFunction(outputText, ['require', 'exports', ...Object.keys(application)]) as (
    ...given: unknown[]
  ) => void;
  block((name: string) => modules[name], {}, ...Object.values(application));
}

const given = globalThis.fetch;

afterEach(() => {
  globalThis.fetch = given;
});

describe('the examples of the README', () => {
  it('are these five', () => {
    // The one of Angular is run by test/angular.
    expect(examples).toHaveLength(5);
  });

  it('hold a conversation with tools', async () => {
    globalThis.fetch = mockFetch(
      [script().toolUse('get_weather', { city: 'Paris' }).stop('tool_use'), script().text('It is')],
      { codec: anthropic },
    );
    const stopButton: { onclick?: () => void } = {};
    const cities: string[] = [];
    const messages = await new Promise<Conversation['messages']>((resolve) => {
      const render = (...[, status, messages]: [unknown, string, Conversation['messages']]): void => {
        if (status === 'done' && messages.length > 0) resolve(messages);
      };
      const weatherIn = (city: string): string => `fine in ${city}, as ${cities.push(city)} asked`;
      run(examples[2] ?? '', { render, weatherIn, stopButton });
    });
    expect(cities).toEqual(['Paris']);
    expect(messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user', 'assistant']);
    expect(typeof stopButton.onclick).toBe('function');
  });

  it('measure an answer', async () => {
    globalThis.fetch = mockFetch([script().text('Hello')], { codec: anthropic });
    const { options, spans } = traced();
    const gauge = vi.fn();
    const text = await new Promise((resolve) => {
      const { tracer, meter } = options;
      run(examples[3] ?? '', { tracer, meter, gauge, write: resolve });
    });
    expect(text).toBe('Hello');
    expect(gauge).toHaveBeenLastCalledWith(expect.any(Number), undefined);
    expect(spans().length).toBeLessThanOrEqual(1);
  });
});

describe('the first example of the README', () => {
  it('draws the growing message', async () => {
    const fetch = mockFetch([script().text('Hello')], { codec: anthropic });
    globalThis.fetch = fetch;
    const drawn: unknown[] = [];
    const whole = new Promise<void>((resolve) => {
      const render = (content: readonly { readonly text: string }[]): void => {
        drawn.push(content);
        if (content[0]?.text === 'Hello') resolve();
      };
      run(examples[0] ?? '', { render, show: () => undefined, stopButton: {} });
    });
    await whole;
    expect(drawn.at(-1)).toEqual([{ type: 'text', text: 'Hello', citations: null }]);
    expect(fetch.requests[0]?.url).toMatch(/\/api\/chat$/);
  });

  it('shows what had arrived before a failure, and stops at the button', async () => {
    globalThis.fetch = mockFetch([script().text('Hello').lost()], { codec: anthropic });
    const stopButton: { onclick?: () => void } = {};
    const shown = await new Promise<readonly unknown[]>((resolve) => {
      const show = (...told: unknown[]): void => resolve(told);
      run(examples[0] ?? '', { render: () => undefined, show, stopButton });
    });
    expect(shown[0]).toBe('network');
    expect(shown[1]).toMatchObject({ content: [{ type: 'text' }] });
    expect(typeof stopButton.onclick).toBe('function');
  });
});
