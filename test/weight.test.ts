import { readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const SRC = join(dirname(fileURLToPath(import.meta.url)), '..', 'src');

/** The files that a file imports for their values; what it imports for types alone is gone at run time. */
function importsOf(path: string): string[] {
  const tree = ts.createSourceFile(path, readFileSync(join(SRC, path), 'utf8'), ts.ScriptTarget.Latest);
  return tree.statements
    .filter(ts.isImportDeclaration)
    .filter(({ importClause }) => importClause?.phaseModifier !== ts.SyntaxKind.TypeKeyword)
    .map(({ moduleSpecifier }) => (ts.isStringLiteral(moduleSpecifier) ? moduleSpecifier.text : ''))
    .filter((name) => name.startsWith('.'))
    .map((name) => posix.join(posix.dirname(path), name).replace(/\.js$/, '.ts'));
}

/** A file and all that is loaded with it, in the order of their names. */
function loadedWith(path: string): string[] {
  const loaded = new Set([path]);
  for (const file of loaded) for (const imported of importsOf(file)) loaded.add(imported);
  return [...loaded].sort();
}

describe('toBlocks()', () => {
  it('loads what it uses, and no reader of growing JSON', () => {
    const loaded = loadedWith('operators/toBlocks.ts');
    expect(loaded.length).toBeLessThanOrEqual(14);
    expect(loaded).toEqual([
      'errors/apiError.ts',
      'errors/streamError.ts',
      'events/block.ts',
      'fold/message/draft.ts',
      'fold/message/head.ts',
      'fold/message/reply.ts',
      'fold/message/wholeInput.ts',
      'fold/order/failureOf.ts',
      'fold/order/phase.ts',
      'json/grammar.ts',
      'json/rope.ts',
      'operators/toBlocks.ts',
      'rx/folded.ts',
      'rx/transform.ts',
    ]);
  });
});

describe.each(['toText', 'toMessage', 'toToolCalls', 'runTools', 'streamTimeout'])('%s', (name) => {
  it('reads no growing JSON', () => {
    const loaded = loadedWith(`operators/${name}.ts`);
    expect(loaded.filter((path) => /^json\/(?!grammar|rope)/.test(path))).toEqual([]);
  });
});
