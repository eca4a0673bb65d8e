import { existsSync, readFileSync } from 'node:fs';
import ts from 'typescript';
import { fileOf } from './catalogue.js';

/** The most options that a signature names; of more it says `options`. */
const MOST_NAMED = 6;

/**
 * The signature of an operator in short: its parameters by name, and options by theirs.
 *
 * @returns such as `streamTimeout({ firstToken?, idle? }?, scheduler?)`
 */
export function signatureOf(operator: string): string {
  const source = parsed(fileOf(operator));
  const declared = source.statements.find(
    (statement): statement is ts.FunctionDeclaration =>
      ts.isFunctionDeclaration(statement) && statement.name?.text === operator && isExported(statement),
  );
  const parameters = (declared?.parameters ?? []).map((parameter) => shortOf(parameter, source));
  return `${operator}(${parameters.join(', ')})`;
}

function shortOf(parameter: ts.ParameterDeclaration, source: ts.SourceFile): string {
  const isOptional = parameter.initializer !== undefined || parameter.questionToken !== undefined;
  const name = ts.isIdentifier(parameter.name) ? parameter.name.text : 'options';
  const members = name === 'options' ? membersOf(parameter.type, source) : [];
  const isNamed = members.length > 0 && members.length <= MOST_NAMED;
  // Of options that may all be left out it goes without saying that they may be left out together.
  if (isNamed) return `{ ${members.join(', ')} }`;
  return isOptional ? `${name}?` : name;
}

/** The members of an interface, those it inherits too, wherever in `src` it stands. */
function membersOf(type: ts.Node | undefined, source: ts.SourceFile): readonly string[] {
  const name = type && nameOf(type);
  const found = name === undefined ? undefined : interfaceOf(name, source);
  if (!found) return [];
  const inherited = (found.declared.heritageClauses ?? [])
    .flatMap(({ types }) => types)
    .flatMap((base) => membersOf(base, found.source));
  const own = found.declared.members.flatMap((member) =>
    member.name && ts.isIdentifier(member.name)
      ? [`${member.name.text}${member.questionToken === undefined ? '' : '?'}`]
      : [],
  );
  return [...inherited, ...own];
}

function nameOf(type: ts.Node): string | undefined {
  const named = ts.isTypeReferenceNode(type)
    ? type.typeName
    : ts.isExpressionWithTypeArguments(type)
      ? type.expression
      : undefined;
  return named && ts.isIdentifier(named) ? named.text : undefined;
}

interface Found {
  readonly declared: ts.InterfaceDeclaration;
  readonly source: ts.SourceFile;
}

function interfaceOf(name: string, source: ts.SourceFile): Found | undefined {
  for (const statement of source.statements) {
    if (ts.isInterfaceDeclaration(statement) && statement.name.text === name) {
      return { declared: statement, source };
    }
    if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier)) continue;
    const bindings = statement.importClause?.namedBindings;
    const isImported =
      bindings &&
      ts.isNamedImports(bindings) &&
      bindings.elements.some((element) => element.name.text === name);
    const file = new URL(statement.moduleSpecifier.text.replace(/\.js$/, '.ts'), source.fileName);
    if (isImported === true && file.protocol === 'file:' && existsSync(file)) {
      return interfaceOf(name, parsed(file));
    }
  }
  return undefined;
}

function parsed(file: URL): ts.SourceFile {
  return ts.createSourceFile(file.href, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest);
}

function isExported(statement: ts.FunctionDeclaration): boolean {
  return statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) === true;
}
