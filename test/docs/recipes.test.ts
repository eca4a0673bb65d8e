import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { isThorough } from '../thorough.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const page = readFileSync(join(root, 'docs/recipes.md'), 'utf8');

const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  lib: ['lib.es2022.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts', 'lib.dom.asynciterable.d.ts'],
  types: ['node'],
  strict: true,
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

interface Recipe {
  readonly heading: string;
  /** Where it stands as far as the compiler knows: a file beside the page, named after what it exports. */
  readonly file: string;
  readonly code: string;
}

const RECIPES: readonly Recipe[] = page
  .split(/^## /m)
  .slice(1)
  .flatMap((section) => {
    const heading = section.slice(0, section.indexOf('\n'));
    return Array.from(section.matchAll(/^```ts\n([^]*?)^```$/gm), ([, code = ''], nth) => {
      const name =
        /^export (?:class|const|(?:async )?function) (\w+)/m.exec(code)?.[1] ??
        `${heading.replaceAll(/\W/g, '')}${nth}`;
      return { heading, file: join(root, 'docs', `${name}.ts`), code };
    });
  });

/** What the lines of README's table are given by the program that they stand in. */
const GIVEN = {
  apiKey: 'string',
  body: 'string',
  child: '{ readonly stdout: AsyncIterable<Uint8Array> }',
  contents: 'readonly object[]',
  headers: 'Record<string, string>',
  input: 'string',
  max_tokens: 'number',
  messages: 'readonly object[]',
  model: 'string',
  response: 'Response',
  url: 'string',
};

/** What they import of the root, besides what they show. */
const OF_ROOT = ['fromBytes', 'fromResponse', 'streamEvents', 'textDeltas'];

/** The two lines of each protocol in README's table, as files. */
const LINES: readonly Recipe[] = Array.from(
  readFileSync(join(root, 'README.md'), 'utf8').matchAll(
    /^\| `(\w+)` .*\| `(import [^`]+)`<br>`([^`]+)` +\|$/gm,
  ),
  ([, heading = '', imports = '', use = '']) => {
    const isUsed = (name: string): boolean => new RegExp(`\\b${name}\\b`).test(use);
    const given = Object.entries(GIVEN).filter(([name]) => isUsed(name));
    const code = [
      imports,
      `import { ${OF_ROOT.filter(isUsed).join(', ')} } from 'rxjs-llm-stream';`,
      ...given.map(([name, type]) => `declare const ${name}: ${type};`),
      `${use}.subscribe((text: string) => console.log(text));`,
    ].join('\n');
    return { heading, file: join(root, 'docs', `lines.${heading}.ts`), code };
  },
);

/** What the application has that the examples of README and of the other pages stand in. */
const APPLICATION = {
  render: '(...shown: readonly unknown[]) => void',
  show: '(...shown: readonly unknown[]) => void',
  write: '(text: string) => void',
  gauge: '(...shown: readonly unknown[]) => void',
  stopButton: '{ onclick: (() => void) | null }',
  weatherIn: '(city: string) => string',
  tracer: "import('@opentelemetry/api').Tracer",
  meter: "import('@opentelemetry/api').Meter",
  params: "import('rxjs-llm-stream/anthropic').MessagesParams",
};

/** The examples of pages, as files. */
const EXAMPLES: readonly Recipe[] = ['README.md', 'docs/reliability.md', 'docs/runs.md'].flatMap((path) =>
  Array.from(
    readFileSync(join(root, path), 'utf8').matchAll(/^```ts\n([^]*?)^```$/gm),
    ([, code = ''], nth) => {
      const given = Object.entries(APPLICATION).filter(([name]) => new RegExp(`\\b${name}\\b`).test(code));
      return {
        heading: `example ${nth + 1} of ${path}`,
        file: join(root, 'docs', `${path.replaceAll(/\W/g, '')}${nth}.ts`),
        code: [code, ...given.map(([name, type]) => `declare const ${name}: ${type};`)].join('\n'),
      };
    },
  ),
);

/** What the compiler says of files that are only thought of. */
function complaintsOf(recipes: readonly Recipe[]): (file: string) => string[] {
  const texts = new Map(recipes.map(({ file, code }) => [file, code]));
  const host = ts.createCompilerHost(OPTIONS);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (file) => texts.has(file) || fileExists(file);
  host.readFile = (file) => texts.get(file) ?? readFile(file);
  host.getSourceFile = (file, target) => {
    const text = texts.get(file);
    return text === undefined ? getSourceFile(file, target) : ts.createSourceFile(file, text, target);
  };
  const program = ts.createProgram([...texts.keys()], OPTIONS, host);
  return (file) => {
    const source = program.getSourceFile(file);
    if (source === undefined) throw new Error(`The compiler does not know ${file}`);
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(
      ({ start = 0, messageText }) => {
        const { line } = source.getLineAndCharacterOfPosition(start);
        return `line ${line + 1}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
      },
    );
  };
}

describe('a recipe', () => {
  const WRONG: Recipe = {
    heading: 'a mistake',
    file: join(root, 'docs/mistake.ts'),
    code: "import { streamEvents } from 'rxjs-llm-stream';\nstreamEvents('/api/chat', {}).subscribe();\n",
  };
  let complaints: (file: string) => string[];

  beforeAll(() => {
    complaints = complaintsOf([...RECIPES, ...LINES, ...EXAMPLES, WRONG]);
  }, 60_000);

  // The types of each framework take a second to read.
  it.runIf(isThorough).each(RECIPES)('compiles: $heading', ({ file }) => {
    expect(complaints(file)).toEqual([]);
  });

  it.each(LINES)('of two lines in README.md compiles: $heading', ({ file }) => {
    expect(complaints(file)).toEqual([]);
  });

  it.each(EXAMPLES)('compiles, and so does $heading', ({ file }) => {
    expect(complaints(file)).toEqual([]);
  });

  it('of two lines is there for each protocol', () => {
    const rows = readdirSync(join(root, 'test/codecs/protocols')).length;
    expect(LINES.length).toBe(rows);
  });

  it('that is wrong does not compile', () => {
    expect(complaints(WRONG.file)).toEqual([expect.stringContaining("'codec' is missing")]);
  });

  it('is there for each entry of the contents, and has a file of its own', () => {
    const anchors = RECIPES.map(({ heading }) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\w -]/g, '')
        .replaceAll(' ', '-'),
    );
    const linked = Array.from(page.matchAll(/\(#([\w-]+)\)/g), ([, anchor]) => anchor);
    expect(new Set(linked)).toEqual(new Set(anchors));
    expect(new Set(RECIPES.map(({ file }) => file)).size).toBe(RECIPES.length);
    expect(RECIPES.filter(({ file }) => existsSync(file))).toEqual([]);
  });

  it.each([
    'stopButton.ts',
    'chat.ts',
    'listener.ts',
    'takeOver.ts',
    'logs/natsLog.ts',
    'logs/postgresLog.ts',
    ...['chatHandler', 'nest', 'express', 'fastify', 'hono', 'next', 'useChat', 'agUi'].map(
      (name) => `servers/${name}.ts`,
    ),
  ])('is the one that is tested by running it: %s', (file) => {
    const code = readFileSync(new URL(file, import.meta.url), 'utf8');
    expect(RECIPES.map((recipe) => recipe.code)).toContain(
      code
        .replaceAll(/(?:\.\.\/)+src\/index\.js/g, 'rxjs-llm-stream')
        .replaceAll(/(?:\.\.\/)+src\/([\w-]+)\.js/g, 'rxjs-llm-stream/$1'),
    );
  });
});
