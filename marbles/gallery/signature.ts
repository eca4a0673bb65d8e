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
  const [declared] = declarationsIn(source, operator);
  const parameters = (declared?.parameters ?? []).map((parameter) => shortOf(parameter, source));
  return `${operator}(${parameters.join(', ')})`;
}

/** A member of the options of an operator. */
export interface Option {
  readonly name: string;
  readonly isOptional: boolean;
  /** As it is written, without the `undefined` that an option may always be. */
  readonly type: string;
  /** What its doc comment says, as Markdown. */
  readonly text: string;
}

/** @returns what an operator takes as options, those included that its interface inherits */
export function optionsOf(operator: string): readonly Option[] {
  const source = parsed(fileOf(operator));
  const parameters = declarationsIn(source, operator)[0]?.parameters ?? [];
  return parameters.flatMap(({ type }) => membersOf(type, source)).map(optionOf);
}

/** @returns the types of an operator as they are written: one text for each way to call it */
export function typesOf(operator: string): readonly string[] {
  const source = parsed(fileOf(operator));
  const declared = declarationsIn(source, operator);
  const overloads = declared.filter(({ body }) => body === undefined);
  return (overloads.length > 0 ? overloads : declared).map((declaration) => {
    const text = source.text.slice(declaration.getStart(source), declaration.body?.pos ?? declaration.end);
    return text.replace(/^export /, '').replace(/;?\s*$/, '');
  });
}

function declarationsIn(source: ts.SourceFile, operator: string): readonly ts.FunctionDeclaration[] {
  return source.statements.filter(
    (statement): statement is ts.FunctionDeclaration =>
      ts.isFunctionDeclaration(statement) && statement.name?.text === operator && isExported(statement),
  );
}

function shortOf(parameter: ts.ParameterDeclaration, source: ts.SourceFile): string {
  const isOptional = parameter.initializer !== undefined || parameter.questionToken !== undefined;
  const name = ts.isIdentifier(parameter.name) ? parameter.name.text : 'options';
  const found = name === 'options' ? membersOf(parameter.type, source).map(optionOf) : [];
  const members = found.map((option) => `${option.name}${option.isOptional ? '?' : ''}`);
  const isNamed = members.length > 0 && members.length <= MOST_NAMED;
  // Of options that may all be left out it goes without saying that they may be left out together.
  if (isNamed) return `{ ${members.join(', ')} }`;
  return isOptional ? `${name}?` : name;
}

/** A member of an interface, and the file it stands in. */
interface Member {
  readonly declared: ts.TypeElement & { readonly name: ts.Identifier };
  readonly source: ts.SourceFile;
}

/** The members of an interface, those it inherits too, wherever in `src` it stands. */
function membersOf(type: ts.Node | undefined, source: ts.SourceFile): readonly Member[] {
  const name = type && nameOf(type);
  const found = name === undefined ? undefined : interfaceOf(name, source);
  if (!found) return [];
  const inherited = (found.declared.heritageClauses ?? [])
    .flatMap(({ types }) => types)
    .flatMap((base) => membersOf(base, found.source));
  const own = found.declared.members
    .filter(
      (member): member is Member['declared'] => member.name !== undefined && ts.isIdentifier(member.name),
    )
    .map((declared) => ({ declared, source: found.source }));
  return [...inherited, ...own];
}

function optionOf({ declared, source }: Member): Option {
  const type =
    ts.isPropertySignature(declared) && declared.type
      ? declared.type.getText(source)
      : declared.getText(source).slice(declared.name.text.length);
  return {
    name: declared.name.text,
    isOptional: declared.questionToken !== undefined,
    type: type.replace(/\s*\| undefined$/, '').replace(/\s+/g, ' '),
    text: ts
      .getJSDocCommentsAndTags(declared)
      .map((doc) => (ts.isJSDoc(doc) ? doc.getText(source) : ''))
      .join('\n')
      .replace(/^\/\*\*|\*\/$/g, '')
      .replace(/\s*\n\s*\* ?/g, ' ')
      .trim(),
  };
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
  return ts.createSourceFile(file.href, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
}

function isExported(statement: ts.FunctionDeclaration): boolean {
  return statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) === true;
}
