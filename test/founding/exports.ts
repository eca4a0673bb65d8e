import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import type { Counterpart } from './item.js';

const SRC = fileURLToPath(new URL('../../src/', import.meta.url));

/** The source of an entry of the package. */
function sourceOf(entry: Counterpart['entry']): string {
  return `${SRC}${entry === '' ? 'index' : entry.slice(1)}.ts`;
}

/**
 * Reads what entries of the package export, types included.
 *
 * @param entries - the subpaths
 * @returns a function that says what is missing of a counterpart, or `undefined` where nothing is
 */
export function exportsOf(
  entries: readonly Counterpart['entry'][],
): (wanted: Counterpart) => string | undefined {
  const program = ts.createProgram(entries.map(sourceOf), {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: true,
    // What is of the platform is never asked for, and takes half of the time.
    lib: ['lib.es2022.d.ts'],
    noEmit: true,
    types: [],
  });
  const checker = program.getTypeChecker();

  const exported = new Map(
    entries.map((entry) => {
      const source = program.getSourceFile(sourceOf(entry));
      const module = source === undefined ? undefined : checker.getSymbolAtLocation(source);
      const symbols = module === undefined ? [] : checker.getExportsOfModule(module);
      return [entry, new Map(symbols.map((symbol) => [symbol.name, symbol]))] as const;
    }),
  );

  return ({ entry, export: name, member }) => {
    const found = exported.get(entry)?.get(name);
    if (found === undefined) return `rxjs-llm-stream${entry} has no ${name}`;
    if (member === undefined) return undefined;
    const [property = '', literal] = member.split('=');
    const symbol = resolved(found);
    if (symbol.flags & ts.SymbolFlags.ValueModule) {
      return symbol.exports?.has(ts.escapeLeadingUnderscores(property)) === true
        ? undefined
        : `${name} has no ${property}`;
    }
    const types = typesOf(symbol, property);
    if (types.length === 0) return `${name} has no ${property}`;
    if (literal === undefined || types.some((type) => admits(type, literal))) return undefined;
    return `${name}.${property} is never ${literal}`;
  };

  function resolved(symbol: ts.Symbol): ts.Symbol {
    return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  }

  /** The types that a property has in the members of a union that have it. */
  function typesOf(symbol: ts.Symbol, property: string): readonly ts.Type[] {
    const isValue = (symbol.flags & ts.SymbolFlags.Variable) !== 0;
    const type = isValue ? checker.getTypeOfSymbol(symbol) : checker.getDeclaredTypeOfSymbol(symbol);
    return (type.isUnion() ? type.types : [type]).flatMap((member) => {
      const found = checker.getPropertyOfType(member, property);
      return found === undefined ? [] : [checker.getTypeOfSymbol(found)];
    });
  }

  function admits(type: ts.Type, literal: string): boolean {
    return (type.isUnion() ? type.types : [type]).some(
      (member) => member.isStringLiteral() && `'${member.value}'` === literal,
    );
  }
}
