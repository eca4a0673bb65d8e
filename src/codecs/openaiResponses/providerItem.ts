import type { TurnBlock } from '../../events/turnMessage.js';
import { isObject, type Json } from '../kit/json.js';
import type { ResponsesInputItem } from './input.js';
import { READ_ITEMS } from './wire.js';

/** Items that no other block says: calls of tools, what they gave, approvals, programs. */
const OTHER_ITEM = /_(?:call|output|approval_request|approval_response)$|^program$/;

/**
 * Writes a block of a tool of the provider as the item it came in.
 *
 * @param before - the item that the block follows: a call has its result in the same item
 * @returns `before`, where the block belongs to that; `undefined` for a block that another provider sent
 */
export function providerItemOf(
  block: TurnBlock,
  before: ResponsesInputItem | undefined,
): ResponsesInputItem | undefined {
  const { type, id, item_id, name, input, ...fields }: Json = block as TurnBlock & Json;
  const isOwn = (prefix: string): boolean => typeof id === 'string' && id.startsWith(`${prefix}_`);
  switch (type) {
    case 'server_tool_use':
      if (name === 'web_search' && isOwn('ws'))
        return written({ type: 'web_search_call', id, status: 'completed', action: input });
      return name === 'code_execution' && isOwn('ci') ? programOf(id, input, fields) : undefined;
    case 'mcp_tool_use': {
      const { server_name: server_label, approval_request_id } = fields;
      const call = {
        type: 'mcp_call',
        id,
        name,
        server_label,
        arguments: JSON.stringify(input ?? {}),
        approval_request_id,
      };
      return isOwn('mcp') ? written(call) : undefined;
    }
    case 'mcp_tool_result': {
      const { tool_use_id, content, is_error } = fields;
      if (before?.type !== 'mcp_call' || before.id !== tool_use_id) return undefined;
      before[is_error === true ? 'error' : 'output'] =
        typeof content === 'string' ? content : JSON.stringify(content);
      return before;
    }
    case 'mcp_tool_listing': {
      const { mcp_server_name: server_label, tools } = fields;
      return item_id ? written({ type: 'mcp_list_tools', id: item_id, server_label, tools }) : undefined;
    }
    case 'compaction': {
      const { encrypted_content } = fields;
      return item_id ? written({ type, id: item_id, encrypted_content }) : undefined;
    }
    default:
      return OTHER_ITEM.test(block.type) && !READ_ITEMS.has(block.type)
        ? (block as object as ResponsesInputItem)
        : undefined;
  }
}

function programOf(id: unknown, input: unknown, { container_id }: Json): ResponsesInputItem | undefined {
  const { code }: Json = isObject(input) ? input : {};
  const item = { type: 'code_interpreter_call', id, status: 'completed', code, container_id, outputs: null };
  return typeof code === 'string' && typeof container_id === 'string' ? written(item) : undefined;
}

/** What the provider sent is of the types that it takes. */
function written(item: Json): ResponsesInputItem {
  const said = Object.entries(item).filter(([, value]) => value !== undefined);
  return Object.fromEntries(said) as object as ResponsesInputItem;
}
