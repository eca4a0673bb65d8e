import '@angular/compiler';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compileFunction } from 'node:vm';
import * as http from '@angular/common/http';
import * as core from '@angular/core';
import * as coreTesting from '@angular/core/testing';
import * as ngrx from '@ngrx/signals';
import * as rxjs from 'rxjs';
import ts from 'typescript';
import * as zod from 'zod';
import * as angular from '../../src/angular.js';
import * as angularTesting from '../../src/angular/testing.js';
import * as anthropic from '../../src/anthropic.js';
import * as library from '../../src/index.js';
import * as testing from '../../src/testing.js';
import { isThorough } from '../thorough.js';
import { inApp, provide } from './angularBed.js';

const { TestBed } = coreTesting;
const { StreamTesting, provideStreamTesting } = angularTesting;
const { script } = testing;

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const PAGE = read('docs/angular.md');

/** The files of the page, by the name of what each exports first. */
const FILES = new Map(
  Array.from(PAGE.matchAll(/^```ts\n([^]*?)^```$/gm), ([, code = '']) => {
    const [, name = 'test'] = /^export (?:class|const) (\w+)/m.exec(code) ?? [];
    return [name.charAt(0).toLowerCase() + name.slice(1), code] as const;
  }),
);

FILES.set('readme', /^## Angular\n[^]*?^```ts\n([^]*?)^```$/m.exec(read('README.md'))?.[1] ?? '');

const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  lib: ['lib.es2022.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
  types: ['vitest/globals'],
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noUnusedLocals: true,
  noUnusedParameters: true,
  verbatimModuleSyntax: true,
  experimentalDecorators: true,
  skipLibCheck: true,
  noEmit: true,
  paths: {
    'rxjs-llm-stream': [join(root, 'src/index.ts')],
    'rxjs-llm-stream/*': [join(root, 'src/*.ts')],
  },
};

/** What the compiler says of the files of the page, and of these besides. */
function complaints(more: Readonly<Record<string, string>> = {}): string[] {
  const texts = new Map(
    [...FILES, ...Object.entries(more)].map(([name, code]) => [join(root, 'docs', `${name}.ts`), code]),
  );
  const host = ts.createCompilerHost(OPTIONS);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (file) => texts.has(file) || fileExists(file);
  host.readFile = (file) => texts.get(file) ?? readFile(file);
  host.getSourceFile = (file, target) => {
    const text = texts.get(file);
    return text === undefined ? getSourceFile(file, target) : ts.createSourceFile(file, text, target);
  };
  const program = ts.createProgram([...texts.keys()], OPTIONS, host);
  return [...texts.keys()].flatMap((file) =>
    program
      .getSemanticDiagnostics(program.getSourceFile(file))
      .map(({ messageText }) => `${file}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`),
  );
}

const MODULES: Readonly<Record<string, object>> = {
  '@angular/common/http': http,
  '@angular/core': core,
  '@angular/core/testing': coreTesting,
  '@ngrx/signals': ngrx,
  rxjs,
  zod,
  'rxjs-llm-stream': library,
  'rxjs-llm-stream/angular': angular,
  'rxjs-llm-stream/angular/testing': angularTesting,
  'rxjs-llm-stream/anthropic': anthropic,
  'rxjs-llm-stream/testing': testing,
};

/** Runs a file of the page, and gives what it exports. */
function load(name: string, more: Readonly<Record<string, unknown>> = {}): Record<string, never> {
  const compilerOptions = {
    module: ts.ModuleKind.CommonJS,
    target: ts.ScriptTarget.ES2022,
    experimentalDecorators: true,
  };
  const { outputText } = ts.transpileModule(FILES.get(name) ?? '', { compilerOptions });
  const exports = {};
  const run = compileFunction(outputText, ['require', 'exports', ...Object.keys(more)]) as (
    ...given: unknown[]
  ) => void;
  run(
    (path: string) => (path.startsWith('./') ? load(path.slice(2, -'.js'.length)) : MODULES[path]),
    exports,
    ...Object.values(more),
  );
  return exports;
}

const component = (name: string, type: string): core.Type<never> =>
  load(name)[type] ?? fail(`${type} is not there`);

function fail(message: string): never {
  throw new Error(message);
}

describe('the page on Angular', () => {
  it.runIf(isThorough)(
    'compiles, every file of it, against the real packages',
    () => {
      expect(FILES.size).toBe(14);
      const wrong =
        "import { provideStreams } from 'rxjs-llm-stream/angular';\nprovideStreams({ baseUrl: '' });\n";
      const found = complaints({ wrong });
      expect(found).toHaveLength(1);
      expect(found[0]).toMatch(/wrong\.ts: [^]*'codec' is missing/);
    },
    60_000,
  );

  it('shows the chat of the example, in 60 lines at most, and what it saves to', () => {
    for (const [name, path] of [
      ['conversation', 'chat'],
      ['planner', 'planner'],
    ] as const)
      expect(FILES.get(name)).toBe(read(`examples/angular/src/app/${path}.ts`));
    expect(FILES.get('conversation')?.trimEnd().split('\n').length).toBeLessThanOrEqual(60);
  });

  it('has a component test that holds, and fails in the right place when the component is broken', () => {
    const tests: { readonly name: string; readonly run: () => void }[] = [];
    const globals = {
      describe: (_: string, define: () => void) => define(),
      it: (name: string, run: () => void) => tests.push({ name, run }),
      expect,
    };
    provide();
    load('test', globals);
    expect(tests).toHaveLength(1);
    TestBed.resetTestingModule();
    tests[0]?.run();

    const ask = FILES.get('ask') ?? '';
    FILES.set('ask', ask.replace('{{ answer.text() }}', '{{ prompt() }}'));
    try {
      load('test', globals);
      TestBed.resetTestingModule();
      expect(() => tests[1]?.run()).toThrow(/expected 'Say hello' to be 'Hello '/);
    } finally {
      FILES.set('ask', ask);
    }
  });

  it('stands in the README as three lines', () => {
    const exported = load('readme');
    provide(exported['providers'], provideStreamTesting(script().text('Hi').timed(5)));
    const view = TestBed.createComponent(exported['Ask'] ?? fail('Ask'));
    TestBed.inject(StreamTesting).flush();
    expect((view.nativeElement as HTMLElement).textContent).toBe('Hi');
    expect(TestBed.inject(StreamTesting).requests).toMatchObject([
      { request: { body: { prompt: 'Hello' } } },
    ]);
  });

  it('has two components on one request', () => {
    provide(provideStreamTesting(script().text('Good morning').usage({ output_tokens: 17 }).timed(5)));
    const exported = load('greeting');
    const views = ['GreetingView', 'GreetingCost'].map((name) =>
      TestBed.createComponent(exported[name] ?? fail(name)),
    );
    TestBed.inject(StreamTesting).flush();
    const texts = views.map((view) => (view.nativeElement as HTMLElement).textContent);
    expect(texts).toEqual(['Good morning', '17 tokens']);
    expect(TestBed.inject(StreamTesting).requests).toHaveLength(1);
  });

  it('has a resource', () => {
    provide(provideStreamTesting(script().text('It is short').timed(5)));
    const fixture = TestBed.createComponent<{ article: core.WritableSignal<string> }>(
      component('summary', 'Summary'),
    );
    const text = (): string => (fixture.nativeElement as HTMLElement).textContent;
    TestBed.tick();
    expect(text()).toBe('idle: ');
    fixture.componentInstance.article.set('Long');
    TestBed.inject(StreamTesting).flush();
    expect(text()).toBe('resolved: It is short');
  });

  it('has a store', () => {
    provide(provideStreamTesting(script().text('It is short').timed(5)));
    const store = TestBed.inject<{ show(article: string): void; words(): number }>(
      component('summaryStore', 'SummaryStore'),
    );
    store.show('Long');
    TestBed.inject(StreamTesting).flush();
    expect(store.words()).toBe(3);
  });

  it('has text at an even pace, a chat with schemas, and providers', () => {
    provide(provideStreamTesting(script().text('Once upon a time').timed(5)));
    const story = inApp<angular.Answer>(load('injectStory')['injectStory'] ?? fail('injectStory'));
    expect(story.state().status).toBe('waiting');
    const chat = inApp<angular.ConversationSignals>(
      load('injectWeatherChat')['injectWeatherChat'] ?? fail('injectWeatherChat'),
    );
    expect(chat.turns()).toEqual([]);
    expect(load('session')['providers']).toHaveLength(2);
    expect(load('appConfig')['appConfig']).toHaveProperty('providers.length', 2);
  });
});
