import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const SRC = join(dirname(fileURLToPath(import.meta.url)), '..', 'src');

/** One source file: what it imports, and the words of its code. */
interface Module {
  /** Relative to `src`, with slashes. */
  readonly path: string;
  /** The folder it lies in; empty for a file of the root. */
  readonly room: string;
  /** Whether it does nothing but re-export. */
  readonly isEntry: boolean;
  /** Files of ours, relative to `src`; those outside begin with `..`. */
  readonly inner: readonly string[];
  readonly packages: readonly string[];
  readonly tree: ts.SourceFile;
}

function roomOf(path: string): string {
  return path.includes('/') ? posix.dirname(path) : '';
}

/** The first folder of a room. */
function storeyOf(room: string): string {
  return room.split('/', 1)[0] ?? '';
}

function moduleOf(file: string): Module {
  const path = relative(SRC, file).split(sep).join('/');
  const text = readFileSync(file, 'utf8');
  const tree = ts.createSourceFile(path, text, ts.ScriptTarget.Latest);
  const imports = ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName);
  return {
    path,
    room: roomOf(path),
    isEntry: tree.statements.every(
      (statement) => ts.isExportDeclaration(statement) && statement.moduleSpecifier,
    ),
    inner: imports
      .filter((name) => name.startsWith('.'))
      .map((name) => posix.join(posix.dirname(path), name).replace(/\.js$/, '.ts')),
    packages: imports.filter((name) => !name.startsWith('.')),
    tree,
  };
}

const MODULES = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => moduleOf(join(SRC, name)));

const BY_PATH = new Map(MODULES.map((module) => [module.path, module]));

/**
 * The rooms of the house, from the ground up: a file may import its own room and those named beside it, all of which
 * stand further down. `*` stands for any one folder: each protocol has one of its own.
 */
const ROOMS: readonly (readonly [room: string, below: readonly string[]])[] = [
  ['events/provider', []],
  ['events', ['events/provider']],
  ['errors', ['events']],
  ['json', ['errors']],
  ['schema', ['errors', 'json']],
  ['rx', ['errors']],
  ['wire', ['errors', 'rx']],
  ['fold/order', ['errors', 'events']],
  ['fold/pace', ['errors', 'events', 'fold/order', 'rx']],
  ['fold/message', ['errors', 'events', 'fold/order', 'json']],
  ['fold/usage', ['errors', 'events', 'fold/message', 'fold/order']],
  ['fold/calls', ['errors', 'events', 'fold/message', 'fold/order', 'json', 'schema']],
  ['fold/turn', ['errors', 'events', 'fold/calls', 'fold/message', 'fold/order', 'fold/usage']],
  ['tools', ['errors', 'events', 'fold/calls', 'fold/pace']],
  ['codecs', ['errors', 'events', 'rx', 'schema', 'wire']],
  ['codecs/kit', ['codecs', 'errors', 'events', 'json', 'schema', 'wire']],
  ['codecs/*', ['codecs', 'codecs/kit', 'errors', 'events', 'rx', 'schema', 'wire']],
  [
    'sources',
    ['codecs', 'codecs/*', 'codecs/kit', 'errors', 'events', 'fold/order', 'fold/pace', 'rx', 'wire'],
  ],
  [
    'operators',
    [
      'errors',
      'events',
      'fold/calls',
      'fold/message',
      'fold/order',
      'fold/pace',
      'fold/turn',
      'fold/usage',
      'json',
      'rx',
      'schema',
      'tools',
    ],
  ],
  ['sources/angular', ['codecs', 'errors', 'events', 'operators', 'rx', 'sources']],
  [
    'turns',
    [
      'errors',
      'events',
      'fold/calls',
      'fold/message',
      'fold/order',
      'fold/turn',
      'fold/usage',
      'operators',
      'rx',
    ],
  ],
  [
    'angular',
    [
      'codecs',
      'errors',
      'events',
      'fold/calls',
      'fold/message',
      'fold/pace',
      'fold/turn',
      'fold/usage',
      'operators',
      'sources/angular',
      'tools',
      'turns',
    ],
  ],
  ['text/blocks', ['events']],
  ['text/fences', []],
  ['text/markdown', []],
  ['text/pattern', []],
  ['text/sentences', []],
  ['text/guard', ['text/blocks', 'text/pattern']],
  [
    'text',
    [
      'errors',
      'events',
      'fold/order',
      'rx',
      'text/blocks',
      'text/fences',
      'text/guard',
      'text/markdown',
      'text/pattern',
      'text/sentences',
    ],
  ],
  ['testing/letters', ['errors', 'events']],
  ['testing/script', ['codecs', 'codecs/*', 'events', 'testing/letters', 'wire']],
  ['testing/angular', ['errors', 'events', 'sources/angular', 'testing/letters', 'testing/script']],
  ['testing/marbles', ['events', 'testing/letters', 'testing/script']],
  ['testing/recordings', ['codecs', 'codecs/*', 'errors', 'events', 'json', 'testing/letters']],
  ['testing/network', ['codecs', 'codecs/*', 'errors', 'events', 'testing/recordings', 'testing/script']],
  ['detect', ['codecs', 'codecs/*', 'codecs/kit', 'errors', 'events', 'wire']],
  ['otel', ['errors', 'events', 'fold/message', 'fold/usage']],
  ['server', ['codecs', 'errors', 'events', 'fold/order', 'fold/pace', 'operators', 'rx', 'wire']],
  ['log', ['codecs', 'errors', 'events', 'fold/order', 'fold/pace', 'operators', 'rx', 'server', 'wire']],
  ['log/redis', ['errors', 'events', 'log']],
  ['log/durableStreams', ['errors', 'events', 'log', 'wire']],
  ['pictures', ['events', 'fold/calls', 'testing/recordings']],
];

/** Whether a room is the one that a rule names. */
function isNamed(room: string, name: string): boolean {
  return name === 'codecs/*' ? /^codecs\/(?!kit$)[^/]+$/.test(room) : room === name;
}

/** The one operator that is not composed: docs/decisions/0007-one-to-many.md. */
const ONE_TO_MANY = 'rx/transform.ts';

/** The one file that runs in Node alone: the server of `rxjs-llm-stream/testing/node`. */
const NEEDS_NODE = 'testing/network/mockServer.ts';

const ENTRIES = MODULES.filter(({ isEntry }) => isEntry);
const PARTS = MODULES.filter(({ isEntry }) => !isEntry);

/** `from → to` for each import that the rule forbids. */
function offences(
  modules: readonly Module[],
  forbids: (module: Module, imported: string) => boolean,
): string[] {
  return modules.flatMap((module) =>
    module.inner.filter((path) => forbids(module, path)).map((path) => `${module.path} → ${path}`),
  );
}

const OF_CODECS = ['wire/frame.ts', 'wire/shortWay.ts', 'wire/eventStream.ts', 'wire/elementText.ts'];

describe('an import', () => {
  it('names a file of src', () => {
    expect(MODULES.length).toBeGreaterThan(30);
    expect(offences(MODULES, (_, path) => !BY_PATH.has(path))).toEqual([]);
  });

  it('is never of an entry, neither the package’s nor a layer’s own', () => {
    expect(ENTRIES.map(({ path }) => path)).toContain('index.ts');
    const isEntry = (path: string) => /(?:^|\/)index\.ts$/.test(path) || BY_PATH.get(path)?.isEntry === true;
    expect(offences(MODULES, (_, path) => isEntry(path))).toEqual([]);
  });

  it.each(ROOMS)('of the room %p goes to its own or to %j', (room, below) => {
    const modules = PARTS.filter((module) => isNamed(module.room, room));
    expect(modules).not.toEqual([]);
    const rooms = [room, ...below];
    const found = offences(modules, (_, path) => !rooms.some((name) => isNamed(roomOf(path), name)));
    expect(found).toEqual([]);
  });

  it('goes down: a room names only rooms that stand below it', () => {
    ROOMS.forEach(([, below], floor) => {
      const lower = ROOMS.slice(0, floor).map(([room]) => room);
      expect(below.filter((room) => !lower.includes(room))).toEqual([]);
    });
  });

  it('stands in a room that this test knows', () => {
    const unknown = PARTS.filter(({ room }) => !ROOMS.some(([name]) => isNamed(room, name)));
    expect(unknown.map(({ path }) => path)).toEqual([]);
  });

  it('of the errors, and of what a schema says, is of types alone', () => {
    const values = PARTS.filter(({ room }) => room === 'errors' || room === 'schema').flatMap(({ path }) =>
      valueImports(path)
        .filter((to) => !['errors', 'schema'].includes(roomOf(to)))
        .map((to) => `${path} → ${to}`),
    );
    expect(values).toEqual([]);
  });

  it('of a codec knows nothing of the wire but the frame, and how bytes become text', () => {
    const modules = PARTS.filter(({ room }) => storeyOf(room) === 'codecs');
    expect(offences(modules, (_, path) => roomOf(path) === 'wire' && !OF_CODECS.includes(path))).toEqual([]);
  });

  it('never closes a circle of values', () => {
    const circles = PARTS.filter(({ path }) => reaches(path, path)).map(({ path }) => path);
    expect(circles).toEqual([]);
  });

  it('of a package is of one that its layer may use', () => {
    const allowed: Readonly<Record<string, readonly string[]>> = {
      angular: ['rxjs', '@angular/core'],
      sources: ['rxjs'],
      'sources/angular': ['rxjs', '@angular/core', '@angular/common/http'],
      codecs: ['rxjs', 'zod/mini'],
      log: ['rxjs'],
      operators: ['rxjs'],
      otel: ['rxjs'],
      rx: ['rxjs'],
      server: ['rxjs'],
      testing: ['rxjs', 'rxjs/testing'],
      'testing/angular': ['rxjs', '@angular/core', '@angular/core/testing'],
      text: ['rxjs'],
      tools: ['rxjs'],
      turns: ['rxjs'],
      wire: ['rxjs', '@smithy/core/event-streams'],
    };
    const others = MODULES.flatMap(({ path, room, packages }) =>
      packages
        .filter((name) => !(allowed[room] ?? allowed[storeyOf(room)])?.includes(name))
        .filter((name) => !(path === NEEDS_NODE && name.startsWith('node:')))
        .map((name) => `${path} → ${name}`),
    );
    expect(others).toEqual([]);
  });
});

/** Whether a file comes back to another by imports that are there at run time. */
function reaches(from: string, to: string, seen = new Set<string>()): boolean {
  for (const path of valueImports(from)) {
    if (path === to) return true;
    if (seen.has(path)) continue;
    seen.add(path);
    if (reaches(path, to, seen)) return true;
  }
  return false;
}

function valueImports(path: string): readonly string[] {
  const module = BY_PATH.get(path);
  if (module === undefined) return [];
  const values = module.tree.statements.filter(
    (statement) =>
      ts.isImportDeclaration(statement) &&
      statement.importClause?.phaseModifier !== ts.SyntaxKind.TypeKeyword &&
      ts.isStringLiteral(statement.moduleSpecifier) &&
      statement.moduleSpecifier.text.startsWith('.'),
  );
  return values.map((statement) => {
    const { moduleSpecifier } = statement as ts.ImportDeclaration;
    return posix
      .join(posix.dirname(path), (moduleSpecifier as ts.StringLiteral).text)
      .replace(/\.js$/, '.ts');
  });
}

/** What is named where nothing may wait, keep time or reach the network. */
const WAITING = new Set([
  'Promise',
  'fetch',
  'performance',
  'queueMicrotask',
  'requestAnimationFrame',
  'setImmediate',
  'setInterval',
  'setTimeout',
]);

/** The words of a file's code, comments aside, that would let it wait. */
function waits({ path, tree }: Module): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    // A type may say that somebody else's code waits.
    if (ts.isTypeNode(node)) return;
    if (
      node.kind === ts.SyntaxKind.AsyncKeyword ||
      ts.isAwaitExpression(node) ||
      (ts.isForOfStatement(node) && node.awaitModifier !== undefined) ||
      (ts.isIdentifier(node) && WAITING.has(node.text)) ||
      (ts.isPropertyAccessExpression(node) && node.getText(tree) === 'Date.now') ||
      (ts.isNewExpression(node) && ['Date', 'Observable'].includes(node.expression.getText(tree)))
    ) {
      const { line } = tree.getLineAndCharacterOfPosition(node.getStart(tree));
      found.push(`${path}:${line + 1} ${node.getText(tree)}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

describe('outside src/log, src/server, src/sources and src/testing', () => {
  it('nothing awaits, keeps time, reaches the network or makes an Observable by hand', () => {
    const outside = MODULES.filter(
      ({ room }) => !['log', 'server', 'sources', 'testing'].includes(storeyOf(room)),
    );
    const found = outside.flatMap((module) =>
      waits(module).filter((line) => !(module.path === ONE_TO_MANY && line.includes(' new Observable('))),
    );
    expect(found).toEqual([]);
  });

  it('it would be seen', () => {
    const awaiting = MODULES.filter(({ room }) => room === 'sources').flatMap(waits);
    expect(awaiting.join('\n')).toMatch(/async[^]*new Observable/);
  });
});
