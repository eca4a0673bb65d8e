import { readFileSync } from 'node:fs';
import ts from 'typescript';
import { isThorough } from '../thorough.js';
import { documents, keysIn } from './documents.js';
import { exportsOf } from './exports.js';
import { DOCUMENTS, keyOf, keysOf, type DocumentName } from './item.js';
import { LIST } from './list.js';
import { foundingTable } from './table.js';

const ROOT = new URL('../../', import.meta.url);

/** The time to read the types of all entries on a busy machine, in ms. */
const READING_TYPES = 60_000;

/** The names of the tests in a file, templates as they are written. */
function testsIn(file: string): ReadonlySet<string> {
  const text = readFileSync(new URL(file, ROOT), 'utf8');
  const names = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && /^(?:it|test)\b/.test(node.expression.getText(tree))) {
      const [name] = node.arguments;
      if (name !== undefined && ts.isStringLiteralLike(name)) names.add(name.text);
    }
    ts.forEachChild(node, visit);
  };
  const tree = ts.createSourceFile(file, text, ts.ScriptTarget.Latest);
  visit(tree);
  return names;
}

describe('what the library was founded on', () => {
  it('is listed once, of all five protocols', () => {
    expect(new Set(LIST.map(({ document }) => document))).toEqual(new Set(Object.keys(DOCUMENTS)));
    const keys = LIST.flatMap(keysOf);
    expect(keys.filter((key, place) => keys.indexOf(key) !== place)).toEqual([]);
  });

  it.runIf(isThorough)(
    'stands in an entry of the package, member and all',
    () => {
      const missing = exportsOf([...new Set(LIST.map(({ standsFor }) => standsFor.entry))]);
      expect(
        LIST.flatMap((item) => {
          const said = missing(item.standsFor);
          return said === undefined ? [] : [`${keyOf(item)}: ${said}`];
        }),
      ).toEqual([]);
      expect(missing({ entry: '', export: 'StreamErrors' })).toBe('rxjs-llm-stream has no StreamErrors');
      expect(missing({ entry: '', export: 'events', member: 'pong' })).toBe('events has no pong');
      expect(missing({ entry: '', export: 'PingEvent', member: 'at' })).toBe('PingEvent has no at');
      expect(missing({ entry: '', export: 'StreamEvent', member: "type='pong'" })).toBe(
        "StreamEvent.type is never 'pong'",
      );
    },
    READING_TYPES,
  );

  it('has a test', () => {
    const tests = new Map(
      [...new Set(LIST.map(({ test }) => test.file))].map((file) => [file, testsIn(file)]),
    );
    expect(
      LIST.filter(({ test }) => tests.get(test.file)?.has(test.name) !== true).map(
        (item) => `${keyOf(item)}: ${item.test.file} has no test “${item.test.name}”`,
      ),
    ).toEqual([]);
  });

  it('has a row for each item in the table that npm run founding prints', () => {
    const rows = foundingTable(LIST).match(/^\| `/gm) ?? [];
    expect(rows).toHaveLength(LIST.length);
  });
});

const found = documents();

if (found.length === 0) {
  it('there is no documentation here to be held against the list', () => {
    expect(found).toEqual([]);
  });
} else {
  describe.each(found)('the documentation of %s', (document: DocumentName) => {
    it('names what is listed, and nothing else', () => {
      const listed = LIST.filter((item) => item.document === document).flatMap(keysOf);
      expect([...keysIn(document)].sort()).toEqual([...listed].sort());
    });
  });
}
