import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

/** Stands in this folder, and only in memory: what somebody has in an editor who uses the library. */
const FILE = join(dirname(fileURLToPath(import.meta.url)), 'editor.ts');

const TEXT = `
import { from } from 'rxjs';
import type { Observable } from 'rxjs';
import * as library from '../../src/index.js';
import type { Block, StreamError, StreamEvent } from '../../src/index.js';

declare const block: Block;
declare const event: StreamEvent;
declare const error: StreamError;
declare const events: Observable<StreamEvent>;

export type Text = Extract<Block, { type: 'text' }>;
export function narrowed() {
  if (block.type === 'text') { const text = block; return text; }
  if (block.type === 'tool_use') { const toolUse = block; return toolUse; }
  if (block.type === 'server_tool_use') { const serverToolUse = block; return serverToolUse; }
  if (block.type === 'thinking' && block.status === 'aborted') { const thinking = block; return thinking; }
  if (!library.isKnownBlock(block)) { const unknownBlock = block; return unknownBlock; }
  if (event.type === 'content_block_start') { const start = event; return start; }
  if (error.code === 'http') { const http = error; return http; }
  if (error.code === 'timeout') { const timeout = error; return timeout; }
  const message = events.pipe(library.toMessage());
  return message;
}
`;

const options: ts.CompilerOptions = {
  module: ts.ModuleKind.NodeNext,
  target: ts.ScriptTarget.ES2022,
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  // What is of the platform is not asked for, and takes half of the time.
  lib: ['lib.es2022.d.ts'],
  types: [],
};

/** What an editor shows of each variable and alias of the file. */
function shownIn(text: string): Map<string, string> {
  const host = ts.createCompilerHost(options);
  const { fileExists, getSourceFile } = host;
  host.fileExists = (name) => name === FILE || fileExists(name);
  host.getSourceFile = (name, ...rest) =>
    name === FILE ? ts.createSourceFile(name, text, ts.ScriptTarget.Latest) : getSourceFile(name, ...rest);
  const program = ts.createProgram([FILE], options, host);
  const checker = program.getTypeChecker();
  const shown = new Map<string, string>();
  const visit = (node: ts.Node): void => {
    if ((ts.isVariableDeclaration(node) || ts.isTypeAliasDeclaration(node)) && ts.isIdentifier(node.name)) {
      const type = checker.getTypeAtLocation(node);
      // The name of an alias says nothing of what it stands for.
      shown.set(node.name.text, checker.typeToString(type, undefined, ts.TypeFormatFlags.InTypeAlias));
    }
    ts.forEachChild(node, visit);
  };
  const file = program.getSourceFile(FILE);
  if (file) visit(file);
  return shown;
}

describe('an editor shows a short name', () => {
  const shown = shownIn(TEXT);

  it.each([
    ['Text', 'TextBlock & BlockState'],
    ['text', 'TextBlock & BlockState'],
    ['toolUse', 'BetaToolUseBlock & InputBlockState'],
    ['serverToolUse', 'AnyServerToolUseBlock & InputBlockState'],
    ['thinking', 'ThinkingBlock & BlockState'],
    ['unknownBlock', 'UnknownBlock & BlockState'],
    ['start', 'ContentBlockStartEvent<AnyContentBlock>'],
    ['http', 'StreamErrorOf<"http">'],
    ['timeout', 'StreamErrorOf<"timeout">'],
    ['message', 'Observable<Message>'],
  ])('%s: %s', (name, type) => {
    expect(shown.get(name)).toBe(type);
  });
});
