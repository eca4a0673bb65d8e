/** Who called a tool: the model itself, or code that the model runs in a sandbox. */
export type ToolCaller =
  | { readonly type: 'direct' }
  | { readonly type: 'code_execution_20250825'; readonly tool_id: string }
  | { readonly type: 'code_execution_20260120'; readonly tool_id: string };

interface ToolResult<Type extends string, Content> {
  readonly type: Type;
  readonly tool_use_id: string;
  readonly content: Content;
}

interface ToolResultError<Type extends string, Code extends string> {
  readonly type: Type;
  readonly error_code: Code;
}

/** What any tool that runs on the provider's side can fail with. */
type ExecutionErrorCode =
  'invalid_tool_input' | 'unavailable' | 'too_many_requests' | 'execution_time_exceeded';

/** A page that was found. `encrypted_content` is sent back as it stands; `page_age` is for people to read. */
export interface WebSearchResult {
  readonly type: 'web_search_result';
  readonly encrypted_content: string;
  readonly page_age: string | null;
  readonly title: string;
  readonly url: string;
}

/** Why a web search failed. */
export type WebSearchToolResultError = ToolResultError<
  'web_search_tool_result_error',
  | 'invalid_tool_input'
  | 'unavailable'
  | 'max_uses_exceeded'
  | 'too_many_requests'
  | 'query_too_long'
  | 'request_too_large'
>;

/** As {@link WebSearchToolResultBlock}, on the beta wire, where `caller` may be absent. */
export interface BetaWebSearchToolResultBlock extends ToolResult<
  'web_search_tool_result',
  WebSearchToolResultError | WebSearchResult[]
> {
  readonly caller?: ToolCaller;
}

/** What a web search found, or why it failed. */
export interface WebSearchToolResultBlock extends BetaWebSearchToolResultBlock {
  readonly caller: ToolCaller;
}

/** The content of a page: a PDF in base64, or text. */
export interface FetchedDocument {
  readonly type: 'document';
  readonly citations: { readonly enabled: boolean } | null;
  readonly source:
    | { readonly type: 'base64'; readonly media_type: 'application/pdf'; readonly data: string }
    | { readonly type: 'text'; readonly media_type: 'text/plain'; readonly data: string };
  readonly title: string | null;
}

/** A page that was fetched. */
export interface WebFetchResult {
  readonly type: 'web_fetch_result';
  readonly content: FetchedDocument;
  /** ISO 8601. */
  readonly retrieved_at: string | null;
  readonly url: string;
}

/** Why a page was not fetched. */
export type WebFetchToolResultError = ToolResultError<
  'web_fetch_tool_result_error',
  | 'invalid_tool_input'
  | 'url_too_long'
  | 'url_not_allowed'
  | 'url_not_in_prior_context'
  | 'url_not_accessible'
  | 'unsupported_content_type'
  | 'too_many_requests'
  | 'max_uses_exceeded'
  | 'unavailable'
  | 'content_too_large'
>;

/** As {@link WebFetchToolResultBlock}, on the beta wire, where `caller` may be absent. */
export interface BetaWebFetchToolResultBlock extends ToolResult<
  'web_fetch_tool_result',
  WebFetchToolResultError | WebFetchResult
> {
  readonly caller?: ToolCaller;
}

/** A page that was fetched, or why it was not. */
export interface WebFetchToolResultBlock extends BetaWebFetchToolResultBlock {
  readonly caller: ToolCaller;
}

interface OutputFile<Type extends string> {
  readonly type: Type;
  readonly file_id: string;
}

/** What a program wrote, the files it made, and the code it exited with. */
export interface CodeExecutionResult {
  readonly type: 'code_execution_result';
  readonly content: OutputFile<'code_execution_output'>[];
  readonly return_code: number;
  readonly stderr: string;
  readonly stdout: string;
}

/** As {@link CodeExecutionResult}, with an output that only the provider can read. */
export interface EncryptedCodeExecutionResult {
  readonly type: 'encrypted_code_execution_result';
  readonly content: OutputFile<'code_execution_output'>[];
  readonly encrypted_stdout: string;
  readonly return_code: number;
  readonly stderr: string;
}

/** What a program gave, or why it did not run. */
export type CodeExecutionToolResultBlock = ToolResult<
  'code_execution_tool_result',
  | ToolResultError<'code_execution_tool_result_error', ExecutionErrorCode>
  | CodeExecutionResult
  | EncryptedCodeExecutionResult
>;

/** What a shell command wrote, the files it made, and the code it exited with. */
export interface BashCodeExecutionResult {
  readonly type: 'bash_code_execution_result';
  readonly content: OutputFile<'bash_code_execution_output'>[];
  readonly return_code: number;
  readonly stderr: string;
  readonly stdout: string;
}

/** What a shell command gave, or why it did not run. */
export type BashCodeExecutionToolResultBlock = ToolResult<
  'bash_code_execution_tool_result',
  | ToolResultError<'bash_code_execution_tool_result_error', ExecutionErrorCode | 'output_file_too_large'>
  | BashCodeExecutionResult
>;

/** Why a file was not shown or edited. */
export interface TextEditorToolResultError extends ToolResultError<
  'text_editor_code_execution_tool_result_error',
  ExecutionErrorCode | 'file_not_found'
> {
  readonly error_message: string | null;
}

/** A file, or the part of it that was asked for; lines are counted from 1. */
export interface TextEditorViewResult {
  readonly type: 'text_editor_code_execution_view_result';
  readonly content: string;
  readonly file_type: 'text' | 'image' | 'pdf';
  readonly num_lines: number | null;
  readonly start_line: number | null;
  readonly total_lines: number | null;
}

/** A file was written; `is_file_update` tells that it existed before. */
export interface TextEditorCreateResult {
  readonly type: 'text_editor_code_execution_create_result';
  readonly is_file_update: boolean;
}

/** The lines of a file that an edit replaced, as a diff has them. */
export interface TextEditorStrReplaceResult {
  readonly type: 'text_editor_code_execution_str_replace_result';
  readonly lines: string[] | null;
  readonly new_lines: number | null;
  readonly new_start: number | null;
  readonly old_lines: number | null;
  readonly old_start: number | null;
}

/** What an edit in the sandbox gave, or why it failed. */
export type TextEditorCodeExecutionToolResultBlock = ToolResult<
  'text_editor_code_execution_tool_result',
  TextEditorToolResultError | TextEditorViewResult | TextEditorCreateResult | TextEditorStrReplaceResult
>;

/** Why a search for tools failed. */
export interface ToolSearchToolResultError extends ToolResultError<
  'tool_search_tool_result_error',
  ExecutionErrorCode
> {
  readonly error_message: string | null;
}

/** The tools that a search found, by name. */
export interface ToolSearchResult {
  readonly type: 'tool_search_tool_search_result';
  readonly tool_references: { readonly type: 'tool_reference'; readonly tool_name: string }[];
}

/** What a search for tools found, or why it failed. */
export type ToolSearchToolResultBlock = ToolResult<
  'tool_search_tool_result',
  ToolSearchToolResultError | ToolSearchResult
>;

/** Why the advising model did not answer. */
export type AdvisorToolResultError = ToolResultError<
  'advisor_tool_result_error',
  | 'max_uses_exceeded'
  | 'prompt_too_long'
  | 'too_many_requests'
  | 'overloaded'
  | 'unavailable'
  | 'execution_time_exceeded'
  | 'model_not_found'
>;

/** What the advising model said. */
export interface AdvisorResult {
  readonly type: 'advisor_result';
  readonly stop_reason: string | null;
  readonly text: string;
}

/** What the advising model said, for the provider to read only. */
export interface AdvisorRedactedResult {
  readonly type: 'advisor_redacted_result';
  readonly encrypted_content: string;
  readonly stop_reason: string | null;
}

/** Beta. */
export type AdvisorToolResultBlock = ToolResult<
  'advisor_tool_result',
  AdvisorToolResultError | AdvisorResult | AdvisorRedactedResult
>;
