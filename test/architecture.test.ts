import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const SRC = join(dirname(fileURLToPath(import.meta.url)), '..', 'src');

/** One source file: what it imports, and the words of its code. */
interface Module {
  /** Relative to `src`, with slashes. */
  readonly path: string;
  /** Its first folder; empty for a file of the root. */
  readonly layer: string;
  /** Whether it does nothing but re-export. */
  readonly isEntry: boolean;
  /** Files of ours, relative to `src`; those outside begin with `..`. */
  readonly inner: readonly string[];
  readonly packages: readonly string[];
  readonly tree: ts.SourceFile;
}

function moduleOf(file: string): Module {
  const path = relative(SRC, file).split(sep).join('/');
  const text = readFileSync(file, 'utf8');
  const tree = ts.createSourceFile(path, text, ts.ScriptTarget.Latest);
  const imports = ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName);
  return {
    path,
    layer: path.includes('/') ? (path.split('/', 1)[0] ?? '') : '',
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
 * The layers that the files of each layer may import beside their own. '' is the types and errors at the root, whose
 * types may be made of those of `json`.
 */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  '': ['json'],
  sources: ['', 'codecs', 'wire'],
  codecs: ['', 'wire'],
  operators: ['', 'fold', 'json'],
  testing: ['', 'codecs', 'fold', 'json', 'wire'],
  fold: ['', 'json'],
  wire: [''],
  json: [''],
};

/** The one operator that is not composed: docs/decisions/0007-one-to-many.md. */
const ONE_TO_MANY = 'transform.ts';

/** The one file that runs in Node alone: the server of `rxjs-llm-stream/testing/node`. */
const NEEDS_NODE = 'testing/mockServer.ts';

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

function layerOf(path: string): string {
  return path.includes('/') ? (path.split('/', 1)[0] ?? '') : '';
}

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

  it.each(Object.entries(MAY_IMPORT))('of the layer %p goes to its own or to %j', (layer, allowed) => {
    const modules = PARTS.filter((module) => module.layer === layer);
    expect(offences(modules, (_, path) => ![layer, ...allowed].includes(layerOf(path)))).toEqual([]);
  });

  it('stands in a layer that this test knows', () => {
    const layers = new Set(PARTS.map(({ layer }) => layer));
    expect([...layers].filter((layer) => !(layer in MAY_IMPORT))).toEqual([]);
  });

  it('of a file at the root is there at run time only where it is of another one', () => {
    const atRoot = PARTS.filter(({ layer }) => layer === '');
    const values = atRoot.flatMap(({ path }) => valueImports(path).map((to) => `${path} → ${to}`));
    expect(values.filter((value) => value.includes('/'))).toEqual([]);
  });

  it.each([
    ['wire', ['errors.ts', ONE_TO_MANY]],
    ['json', ['errors.ts']],
  ])('of %s is of a sibling or of %j', (layer, leaves) => {
    const modules = PARTS.filter((module) => module.layer === layer);
    expect(offences(modules, (_, path) => layerOf(path) !== layer && !leaves.includes(path))).toEqual([]);
  });

  it('of a codec knows nothing of the wire but the frame', () => {
    const modules = PARTS.filter(({ layer }) => layer === 'codecs');
    expect(offences(modules, (_, path) => layerOf(path) === 'wire' && path !== 'wire/frame.ts')).toEqual([]);
  });

  it('never closes a circle of values', () => {
    const circles = PARTS.filter(({ path }) => reaches(path, path)).map(({ path }) => path);
    expect(circles).toEqual([]);
  });

  it('of a package is of one that its layer may use', () => {
    const allowed: Readonly<Record<string, readonly string[]>> = {
      sources: ['rxjs'],
      codecs: ['rxjs', 'zod', 'zod/v4/core'],
      operators: ['rxjs'],
      testing: ['rxjs', 'rxjs/testing'],
      wire: ['rxjs', 'eventsource-parser'],
    };
    const others = MODULES.flatMap(({ path, layer, packages }) =>
      packages
        .filter((name) => !(path === ONE_TO_MANY ? ['rxjs'] : allowed[layer])?.includes(name))
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

describe('outside src/sources and src/testing', () => {
  it('nothing awaits, keeps time, reaches the network or makes an Observable by hand', () => {
    const outside = MODULES.filter(({ layer }) => layer !== 'sources' && layer !== 'testing');
    const found = outside.flatMap((module) =>
      waits(module).filter((line) => !(module.path === ONE_TO_MANY && line.includes(' new Observable('))),
    );
    expect(found).toEqual([]);
  });

  it('it would be seen', () => {
    const awaiting = MODULES.filter(({ layer }) => layer === 'sources').flatMap(waits);
    expect(awaiting.join('\n')).toMatch(/async[^]*new Observable/);
  });
});
