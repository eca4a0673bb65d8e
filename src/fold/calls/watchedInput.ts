import { quoted } from '../../errors/quoted.js';
import type { AnyContentBlock } from '../../events/block.js';
import { SchemaWatch } from '../../schema/schemaWatch.js';
import { InputReader } from './inputReader.js';
import type { ToolOptions, ToolSchemas } from './toolInput.js';

interface InputOptions extends ToolOptions<ToolSchemas | undefined> {
  readonly views?: boolean | undefined;
  readonly closed?: boolean | undefined;
  readonly early?: boolean | undefined;
}

/** @returns an input that shows nothing while it comes in that its tool's schema knows to be no value of its type */
export function watchedInput(
  start: AnyContentBlock,
  { tools = {}, views, closed, early = false }: InputOptions,
): InputReader {
  const name = 'name' in start ? String(start.name) : '';
  const schema = Object.hasOwn(tools, name) ? tools[name] : undefined;
  const naming = { what: `The input of ${quoted(name)}`, code: 'tool-input' } as const;
  const watch = schema && new SchemaWatch(schema, early ? naming : undefined);
  return new InputReader({ views, closed, watch });
}
