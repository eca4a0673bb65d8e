import { isKnownBlock, type AnyContentBlock } from '../../events/block.js';
import { isObject, parsed, type Json } from '../kit/json.js';
import { READ_ITEMS } from './wire.js';
import { WrittenCall } from './writtenCall.js';
import { WholeItem, WrittenText, WrittenThinking, type Page, type WrittenItem } from './writtenItem.js';

/**
 * Begins the item that a block is written as.
 *
 * @param isText - whether the input of a call is a JSON string, so that it is written as a free text
 * @returns `undefined` for a block that the protocol has no item for
 */
export function itemOf(block: AnyContentBlock, isText: boolean, page: Page): WrittenItem | undefined {
  const fields: Json = block as object as Json;
  const { item_id, name } = fields;
  switch (block.type) {
    case 'text':
      return new WrittenText(page, fields);
    case 'thinking':
      return new WrittenThinking(page, fields);
    case 'redacted_thinking': {
      const item = { id: item_id, type: 'reasoning', summary: [], encrypted_content: block.data };
      return new WholeItem(page, 'rs', () => item);
    }
    case 'tool_use':
      return callOf(fields, isText, page);
    case 'mcp_tool_use': {
      const { approval_request_id } = fields;
      const item = { type: 'mcp_call', server_label: block.server_name, name, approval_request_id };
      const words = { item, event: 'mcp_call_arguments', member: 'arguments', prefix: 'mcp' } as const;
      return new WrittenCall(page, words, block.id);
    }
    case 'server_tool_use':
      return serverToolOf(fields, page);
    case 'mcp_tool_listing': {
      const { mcp_server_name: server_label, tools } = block;
      const item = { id: item_id, type: 'mcp_list_tools', server_label, tools };
      return new WholeItem(page, 'mcpl', () => item);
    }
    case 'compaction':
      return new WholeItem(page, 'cmp', (_, delta) => {
        const { encrypted_content } = delta?.type === 'compaction_delta' ? delta : block;
        return { id: item_id, type: 'compaction', encrypted_content: encrypted_content ?? '' };
      });
    default: {
      const isItem = !isKnownBlock(block) && typeof fields['id'] === 'string' && !READ_ITEMS.has(block.type);
      return isItem ? new WholeItem(page, '', () => fields) : undefined;
    }
  }
}

function callOf(
  { item_id, id: call_id, name, namespace, caller }: Json,
  isText: boolean,
  page: Page,
): WrittenItem {
  const isDirect = !isObject(caller) || caller['type'] === 'direct';
  const fields = { call_id, name, namespace, caller: isDirect ? undefined : caller };
  if (!isText) {
    const item = { type: 'function_call', ...fields };
    const words = { item, event: 'function_call_arguments', member: 'arguments', prefix: 'fc' } as const;
    return new WrittenCall(page, words, item_id);
  }
  const item = { type: 'custom_tool_call', ...fields };
  const words = { item, event: 'custom_tool_call_input', member: 'input', prefix: 'ctc' } as const;
  return new WrittenCall(page, words, item_id);
}

/** A call of a tool that the provider runs, for the two that there are on both sides. */
function serverToolOf({ id, name, input, container_id }: Json, page: Page): WrittenItem | undefined {
  const inputIn = (said: string): Json | undefined => {
    const value = said === '' ? input : attempted(said);
    return isObject(value) ? value : undefined;
  };
  if (name === 'web_search') {
    return new WholeItem(page, 'ws', (said) => {
      const action = inputIn(said);
      return action && { id, type: 'web_search_call', status: 'completed', action };
    });
  }
  if (name !== 'code_execution') return undefined;
  return new WholeItem(page, 'ci', (said, delta) => {
    const { outputs = null }: Json = (delta ?? {}) as object as Json;
    const { code } = inputIn(said) ?? {};
    if (typeof code !== 'string') return undefined;
    return { id, type: 'code_interpreter_call', status: 'completed', code, container_id, outputs };
  });
}

function attempted(json: string): unknown {
  try {
    return parsed(json);
  } catch {
    return undefined;
  }
}
