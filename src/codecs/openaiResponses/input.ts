/**
 * What a request to the Responses API may hold, as far as it is written here: assignable to the types of the official
 * client.
 *
 * @see https://platform.openai.com/docs/api-reference/responses/create
 */

/** A part of what the user says, and of what a tool gave. */
export type ResponsesContent =
  | { type: 'input_text'; text: string }
  | { type: 'input_image'; detail: 'auto'; image_url?: string; file_id?: string }
  | { type: 'input_file'; filename?: string; file_data?: string; file_url?: string; file_id?: string };

/** What the user says. */
export interface ResponsesUserMessage {
  type: 'message';
  role: 'user';
  content: ResponsesContent[];
}

/** What the model said; with the id of its item where it came with one. */
export type ResponsesAssistantMessage =
  | { type: 'message'; role: 'assistant'; content: string }
  | {
      type: 'message';
      role: 'assistant';
      id: string;
      status: 'completed';
      content: { type: 'output_text'; text: string; annotations: [] }[];
      phase?: 'commentary' | 'final_answer';
    };

/** What the model thought. */
export interface ResponsesReasoning {
  type: 'reasoning';
  id: string;
  summary: { type: 'summary_text'; text: string }[];
  encrypted_content?: string;
}

/** Who called: the model itself, or a program that it wrote. */
export type ResponsesCaller = { type: 'direct' } | { type: 'program'; caller_id: string };

interface ResponsesCallHead {
  id?: string;
  call_id: string;
  name: string;
  namespace?: string;
  caller?: ResponsesCaller;
}

/** A call of one of the caller's tools. */
export type ResponsesCall =
  | (ResponsesCallHead & { type: 'function_call'; arguments: string })
  | (ResponsesCallHead & { type: 'custom_tool_call'; input: string });

/** What such a call gave. */
export interface ResponsesCallOutput {
  type: 'function_call_output' | 'custom_tool_call_output';
  call_id: string;
  output: string | ResponsesContent[];
  caller?: ResponsesCaller;
}

/** What a tool of the provider did. */
export type ResponsesProviderItem =
  | { type: 'web_search_call'; id: string; status: 'completed'; action: { type: 'search'; query: string } }
  | {
      type: 'code_interpreter_call';
      id: string;
      status: 'completed';
      code: string;
      container_id: string;
      outputs: null;
    }
  | {
      type: 'mcp_call';
      id: string;
      name: string;
      server_label: string;
      arguments: string;
      output?: string;
      error?: string;
    }
  | {
      type: 'mcp_list_tools';
      id: string;
      server_label: string;
      tools: { name: string; input_schema: unknown }[];
    }
  | { type: 'compaction'; id: string; encrypted_content: string };

/** An item of a request. One of a type that has no block of its own passes as it came, and is not listed here. */
export type ResponsesInputItem =
  | ResponsesUserMessage
  | ResponsesAssistantMessage
  | ResponsesReasoning
  | ResponsesCall
  | ResponsesCallOutput
  | ResponsesProviderItem;
