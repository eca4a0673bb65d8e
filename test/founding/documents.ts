import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DOCUMENTS, keyOf, type DocumentName, type Kind } from './item.js';

/** The documentation that the protocols were taken from, where it is at hand. */
const FOLDER = process.env['FOUNDING'] ?? '../shared/founding';

/** What the languages have of their own, and every type is made of. */
const BUILT_IN = new Set([
  'Bool',
  'Int',
  'Into',
  'Option',
  'Result',
  'Self',
  'String',
  'Vec',
  'option.Option',
]);

/** Notes an item that was found. */
type Note = (kind: Kind, item: string) => void;

/** The documents that are at hand; none where the folder is not there. */
export function documents(): readonly DocumentName[] {
  return (Object.keys(DOCUMENTS) as DocumentName[]).filter((name) => existsSync(pathOf(name)));
}

/** The keys of all that a document names. */
export function keysIn(document: DocumentName): ReadonlySet<string> {
  const keys = new Set<string>();
  const text = readFileSync(pathOf(document), 'utf8');
  const note: Note = (kind, item) => keys.add(keyOf({ document, kind, item }));
  if (text.includes('Trait Implementations')) noteRust(text, note);
  else noteGleam(text, note);
  return keys;
}

function pathOf(document: DocumentName): string {
  return join(FOLDER, DOCUMENTS[document].file);
}

/** The documentation of a Rust type, whose line ends depend on how it was copied. */
function noteRust(text: string, note: Note): void {
  const [own = '', traits = ''] = split(text, 'Trait Implementations');
  const [, form, type = '', body = ''] = /pub (enum|struct) (\w+) \{([^]*?)\n\}(?!,)/.exec(own) ?? [];
  note('type', type);
  if (form === 'enum') noteVariants(type, body, note);
  else noteFields(type, body.replaceAll('pub ', ''), note);
  for (const [, name, parameters = '', result = ''] of own.matchAll(
    /pub (?:async )?fn (\w+)\(([^]*?)\)( -> .+)?/g,
  )) {
    note('function', `${type}::${name}`);
    noteTypes(parameters + result, note);
  }
  for (const [link] of own.matchAll(/\bRpcEvent::\w+/g)) notePath(link, note);
  noteSchema(own, body, note);
  noteExample(split(own, 'Example')[1] ?? '', note);
  noteTraits(traits, note);
}

function noteVariants(type: string, body: string, note: Note): void {
  for (const [, name, fields, payload] of body.matchAll(/(\w+)(?: \{([^}]*)\}|\((\w+)\))?,/g)) {
    note('variant', `${type}::${name}`);
    if (fields !== undefined) noteFields(`${type}::${name}`, fields, note);
    if (payload !== undefined) noteTypes(payload, note);
  }
}

/** `name: Type,`, one a line. */
function noteFields(owner: string, fields: string, note: Note): void {
  for (const [, name, type = ''] of fields.matchAll(/(\w+): (.+)/g)) {
    note('field', `${owner}.${name}`);
    noteTypes(type, note);
  }
}

function noteTypes(text: string, note: Note): void {
  for (const [name] of text.matchAll(/\b(?:[a-z]\w*\.)?[A-Z]\w*/g))
    if (!BUILT_IN.has(name)) note('type', name);
}

/** `Type::Variant` or `Type::function`. */
function notePath(path: string, note: Note): void {
  const [type = '', member = ''] = path.split('::');
  note('type', type);
  note(/^[A-Z]/.test(member) ? 'variant' : 'function', path);
}

interface JsonSchema {
  readonly properties: Readonly<Record<string, { readonly enum?: readonly string[] }>>;
}

/** A JSON schema that the documentation shows, with the values that an enumeration of it may have. */
function noteSchema(own: string, fields: string, note: Note): void {
  const schema = /JSON schema\n(\{[^]*?\n\})Fields/.exec(own)?.[1];
  if (schema === undefined) return;
  note('schema', /pub struct (\w+)/.exec(own)?.[1] ?? '');
  for (const [name, { enum: values = [] }] of Object.entries((JSON.parse(schema) as JsonSchema).properties)) {
    const type = new RegExp(`pub ${name}: (\\w+)`).exec(fields)?.[1] ?? '';
    for (const value of values) note('variant', `${type}::${value}`);
  }
}

/** An example of a call: the values it makes, field by field, and what it calls. */
function noteExample(example: string, note: Note): void {
  const owners: string[] = [];
  for (const line of example.split('\n')) {
    const field = /^\s*(\w+): /.exec(line)?.[1];
    if (field !== undefined) note('field', `${owners.at(-1) ?? ''}.${field}`);
    for (const [path] of line.matchAll(/\b[A-Z]\w*::\w+/g)) notePath(path, note);
    for (const [, awaited = ''] of line.matchAll(/\.(\w+)\(\)\.await/g)) note('function', awaited);
    const opened = /\b([A-Z]\w*) \{$/.exec(line)?.[1];
    if (opened !== undefined) {
      owners.push(opened);
      note('type', opened);
    } else if (/^\s*\}/.test(line)) owners.pop();
  }
}

const GENERIC = String.raw`<(?:[^<>]|<[^<>]*>)*>`;
const IMPLEMENTATION = new RegExp(
  String.raw`impl(?<parameters>${GENERIC})? (?<trait>\w+)(?<given>${GENERIC})? for (?<type>\w+)|^.*\bfn (?<method>\w+)\b`,
  'gm',
);

/** Implementations: those of the type with their functions, those of the compiler and of libraries by their names. */
function noteTraits(text: string, note: Note): void {
  const autoFrom = text.indexOf('Auto Trait Implementations');
  let owner: string | undefined;
  for (const { index, groups = {} } of text.matchAll(IMPLEMENTATION)) {
    const { parameters = '', trait, given, type = '', method } = groups;
    if (trait === undefined) {
      if (owner !== undefined) note('trait', `${owner}: ${method}`);
      continue;
    }
    owner = undefined;
    if (/\b[A-Z]/.test(parameters)) note('trait', `blanket implementations: ${trait}`);
    else if (index > autoFrom) note('trait', `auto traits: ${trait}`);
    else {
      owner = trait === 'From' ? `From${given ?? ''} for ${type}` : trait;
      note('trait', owner);
      if (trait === 'From') noteTypes(type, note);
    }
  }
  if (text.includes('impl<')) note('trait', 'blanket implementations');
  if (/^(?:impl|Source§impl) Freeze/m.test(text)) note('trait', 'auto traits');
}

/** The documentation of a Gleam module. */
function noteGleam(text: string, note: Note): void {
  for (const [, type = '', body = ''] of text.matchAll(/^pub type (\w+) \{([^]*?)\n\}/gm)) {
    note('type', type);
    for (const [, name = '', fields = ''] of body.matchAll(/^([A-Z]\w*)(?:\(((?:[^()]|\([^()]*\))*)\))?/gm)) {
      note('constructor', name);
      for (const [, field, of = ''] of fields.matchAll(/(\w+): ([\w.]+(?:\([\w.]+\))?)/g)) {
        note('field', `${name}.${field}`);
        noteTypes(of, note);
      }
    }
  }
  for (const [, name = '', parameters = '', result = ''] of text.matchAll(
    /pub fn (\w+)\(([^]*?)\) -> (.+)/g,
  )) {
    note('function', name);
    noteTypes(`${parameters} ${result}`, note);
  }
}

function split(text: string, heading: string): readonly string[] {
  const at = text.indexOf(heading);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at)];
}
