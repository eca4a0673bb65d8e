/** Who called a tool: the model itself, or code that the model runs in a sandbox. */
export type ToolCaller =
  | { readonly type: 'direct' }
  | { readonly type: 'code_execution_20250825' | 'code_execution_20260120'; readonly tool_id: string };

/** What a tool that the provider runs gave, or why it failed. */
export interface ToolResult<Type extends string, Content> {
  readonly type: Type;
  readonly tool_use_id: string;
  readonly content: Content;
}

/** As {@link ToolResult}, with the caller, which the beta wire may leave out. */
export interface CalledToolResult<Type extends string, Content> extends ToolResult<Type, Content> {
  readonly caller?: ToolCaller;
}

/** Why a tool that the provider runs failed. */
export interface ToolResultError<Type extends string, Code extends string> {
  readonly type: Type;
  readonly error_code: 'unavailable' | 'too_many_requests' | Code;
}

/** As {@link ToolResultError}, with a sentence for people. */
export interface ExplainedError<Type extends string, Code extends string> extends ToolResultError<
  Type,
  Code
> {
  readonly error_message: string | null;
}

/** A page that was found. `encrypted_content` is sent back as it stands; `page_age` is for people to read. */
export interface WebSearchResult {
  readonly type: 'web_search_result';
  readonly encrypted_content: string;
  readonly page_age: string | null;
  readonly title: string;
  readonly url: string;
}

/** As {@link WebSearchToolResultBlock}, on the beta wire. */
export type BetaWebSearchToolResultBlock = CalledToolResult<
  'web_search_tool_result',
  | WebSearchResult[]
  | ToolResultError<
      'web_search_tool_result_error',
      'invalid_tool_input' | 'max_uses_exceeded' | 'query_too_long' | 'request_too_large'
    >
>;

/** What a web search found. */
export interface WebSearchToolResultBlock extends BetaWebSearchToolResultBlock {
  readonly caller: ToolCaller;
}

/** A page that was fetched: a PDF in base64, or text. */
export interface WebFetchResult {
  readonly type: 'web_fetch_result';
  readonly content: {
    readonly type: 'document';
    readonly citations: { readonly enabled: boolean } | null;
    readonly source:
      | { readonly type: 'base64'; readonly media_type: 'application/pdf'; readonly data: string }
      | { readonly type: 'text'; readonly media_type: 'text/plain'; readonly data: string };
    readonly title: string | null;
  };
  /** ISO 8601. */
  readonly retrieved_at: string | null;
  readonly url: string;
}

/** As {@link WebFetchToolResultBlock}, on the beta wire. */
export type BetaWebFetchToolResultBlock = CalledToolResult<
  'web_fetch_tool_result',
  | WebFetchResult
  | ToolResultError<
      'web_fetch_tool_result_error',
      | 'invalid_tool_input'
      | 'url_too_long'
      | 'url_not_allowed'
      | 'url_not_in_prior_context'
      | 'url_not_accessible'
      | 'unsupported_content_type'
      | 'max_uses_exceeded'
      | 'content_too_large'
    >
>;

/** The page that was fetched. */
export interface WebFetchToolResultBlock extends BetaWebFetchToolResultBlock {
  readonly caller: ToolCaller;
}

/** What a program wrote, the files it made, and its exit code. */
export interface ExecutionResult<Type extends string, File extends string> {
  readonly type: Type;
  readonly content: { readonly type: File; readonly file_id: string }[];
  readonly return_code: number;
  readonly stderr: string;
  readonly stdout: string;
}

type ExecutionErrorCode = 'invalid_tool_input' | 'execution_time_exceeded';

/** What a program gave; of an encrypted result, only the provider can read the output. */
export type CodeExecutionToolResultBlock = ToolResult<
  'code_execution_tool_result',
  | ExecutionResult<'code_execution_result', 'code_execution_output'>
  | (Omit<ExecutionResult<'encrypted_code_execution_result', 'code_execution_output'>, 'stdout'> & {
      readonly encrypted_stdout: string;
    })
  | ToolResultError<'code_execution_tool_result_error', ExecutionErrorCode>
>;

/** What a shell command gave. */
export type BashCodeExecutionToolResultBlock = ToolResult<
  'bash_code_execution_tool_result',
  | ExecutionResult<'bash_code_execution_result', 'bash_code_execution_output'>
  | ToolResultError<'bash_code_execution_tool_result_error', ExecutionErrorCode | 'output_file_too_large'>
>;

/** A file, or the part of it that was asked for; lines are counted from 1. */
export interface TextEditorViewResult {
  readonly type: 'text_editor_code_execution_view_result';
  readonly content: string;
  readonly file_type: 'text' | 'image' | 'pdf';
  readonly num_lines: number | null;
  readonly start_line: number | null;
  readonly total_lines: number | null;
}

/** The lines of a file that an edit replaced, as in a diff. */
export interface TextEditorStrReplaceResult {
  readonly type: 'text_editor_code_execution_str_replace_result';
  readonly lines: string[] | null;
  readonly new_lines: number | null;
  readonly new_start: number | null;
  readonly old_lines: number | null;
  readonly old_start: number | null;
}

/** What an edit in the sandbox gave. */
export type TextEditorCodeExecutionToolResultBlock = ToolResult<
  'text_editor_code_execution_tool_result',
  | TextEditorViewResult
  | TextEditorStrReplaceResult
  | { readonly type: 'text_editor_code_execution_create_result'; readonly is_file_update: boolean }
  | ExplainedError<'text_editor_code_execution_tool_result_error', ExecutionErrorCode | 'file_not_found'>
>;

/** The names of the tools that a search found. */
export type ToolSearchToolResultBlock = ToolResult<
  'tool_search_tool_result',
  | {
      readonly type: 'tool_search_tool_search_result';
      readonly tool_references: { readonly type: 'tool_reference'; readonly tool_name: string }[];
    }
  | ExplainedError<'tool_search_tool_result_error', ExecutionErrorCode>
>;

/** What the advising model said; a redacted result only the provider can read. Beta. */
export type AdvisorToolResultBlock = ToolResult<
  'advisor_tool_result',
  | { readonly type: 'advisor_result'; readonly stop_reason: string | null; readonly text: string }
  | {
      readonly type: 'advisor_redacted_result';
      readonly encrypted_content: string;
      readonly stop_reason: string | null;
    }
  | ToolResultError<
      'advisor_tool_result_error',
      'max_uses_exceeded' | 'prompt_too_long' | 'overloaded' | 'execution_time_exceeded' | 'model_not_found'
    >
>;
