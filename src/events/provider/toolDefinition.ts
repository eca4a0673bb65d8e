/**
 * The tools a request can define, as the beta wire repeats them inside a `compaction` block (`tool_changes`).
 * They are typed for completeness and sent back unread.
 */
export type ToolDefinition =
  | CustomTool
  | BashTool
  | CodeExecutionTool
  | ComputerTool
  | MemoryTool
  | TextEditorTool
  | WebSearchTool
  | WebFetchTool
  | AdvisorTool
  | ToolSearchTool
  | BrowserToolset
  | ComputerToolset
  | McpToolset;

interface CacheControl {
  readonly type: 'ephemeral';
  readonly ttl?: '5m' | '1h';
}

interface Cacheable {
  readonly cache_control?: CacheControl | null;
}

interface Callable {
  readonly allowed_callers?: (
    'direct' | 'code_execution_20250825' | 'code_execution_20260120' | 'code_execution_20260521'
  )[];
  readonly defer_loading?: boolean;
  readonly strict?: boolean;
}

interface Exemplified {
  readonly input_examples?: { [key: string]: unknown }[];
}

/** A tool of the caller's own; `input_schema` is a JSON Schema. */
export interface CustomTool extends Callable, Exemplified {
  readonly type?: 'custom' | null;
  readonly name: string;
  readonly description?: string;
  readonly eager_input_streaming?: boolean | null;
  readonly input_schema: {
    readonly type: 'object';
    readonly properties?: { [key: string]: unknown } | null;
    readonly required?: string[] | null;
    readonly [key: string]: unknown;
  };
}

/** A shell that the caller runs. */
export interface BashTool extends Callable, Cacheable, Exemplified {
  readonly type: 'bash_20241022' | 'bash_20250124';
  readonly name: 'bash';
}

/** Programs in the provider's sandbox. */
export interface CodeExecutionTool extends Callable, Cacheable {
  readonly type:
    | 'code_execution_20250522'
    | 'code_execution_20250825'
    | 'code_execution_20260120'
    | 'code_execution_20260521';
  readonly name: 'code_execution';
}

interface Screen extends Callable, Cacheable, Exemplified {
  readonly name: 'computer';
  readonly display_height_px: number;
  readonly display_width_px: number;
  readonly display_number?: number | null;
}

/** A screen, keyboard and mouse that the caller runs. */
export type ComputerTool =
  | (Screen & { readonly type: 'computer_20241022' | 'computer_20250124' })
  | (Screen & { readonly type: 'computer_20251124'; readonly enable_zoom?: boolean });

/** A folder of notes that the caller keeps. */
export interface MemoryTool extends Callable, Cacheable, Exemplified {
  readonly type: 'memory_20250818';
  readonly name: 'memory';
}

interface Editor extends Callable, Cacheable, Exemplified {}

/** A text editor that the caller runs. */
export type TextEditorTool =
  | (Editor & {
      readonly type: 'text_editor_20241022' | 'text_editor_20250124';
      readonly name: 'str_replace_editor';
    })
  | (Editor & { readonly type: 'text_editor_20250429'; readonly name: 'str_replace_based_edit_tool' })
  | (Editor & {
      readonly type: 'text_editor_20250728';
      readonly name: 'str_replace_based_edit_tool';
      readonly max_characters?: number | null;
    });

interface WebTool extends Callable, Cacheable {
  readonly allowed_domains?: string[] | null;
  readonly blocked_domains?: string[] | null;
  readonly max_uses?: number | null;
}

interface WebSearch extends WebTool {
  readonly name: 'web_search';
  readonly user_location?: {
    readonly type: 'approximate';
    readonly city?: string | null;
    readonly country?: string | null;
    readonly region?: string | null;
    readonly timezone?: string | null;
  } | null;
}

/** Web searches by the provider. */
export type WebSearchTool =
  | (WebSearch & { readonly type: 'web_search_20250305' | 'web_search_20260209' })
  | (WebSearch & { readonly type: 'web_search_20260318'; readonly response_inclusion?: 'full' | 'excluded' });

type UrlSource = { readonly type: 'all' } | { readonly type: 'none' };
type UrlSourceOfTools = {
  readonly type: 'only' | 'except';
  readonly tools: { readonly type: 'tool_reference'; readonly name: string }[];
};

interface WebFetch extends WebTool {
  readonly name: 'web_fetch';
  readonly citations?: { readonly enabled?: boolean } | null;
  readonly max_content_tokens?: number | null;
  readonly url_sources?: {
    readonly client_tool_results?: UrlSource | UrlSourceOfTools;
    readonly server_tool_results?: UrlSource | UrlSourceOfTools;
    readonly user_input?: UrlSource;
  } | null;
}

/** Pages fetched by the provider. */
export type WebFetchTool =
  | (WebFetch & { readonly type: 'web_fetch_20250910' | 'web_fetch_20260209' })
  | (WebFetch & { readonly type: 'web_fetch_20260309'; readonly use_cache?: boolean })
  | (WebFetch & {
      readonly type: 'web_fetch_20260318';
      readonly use_cache?: boolean;
      readonly response_inclusion?: 'full' | 'excluded';
    });

/** Another model that can be asked for advice. */
export interface AdvisorTool extends Callable, Cacheable {
  readonly type: 'advisor_20260301';
  readonly name: 'advisor';
  readonly model: string;
  readonly caching?: CacheControl | null;
  readonly max_tokens?: number | null;
  readonly max_uses?: number | null;
}

/** A search among the tools whose loading was deferred. */
export type ToolSearchTool = Callable &
  Cacheable &
  (
    | {
        readonly type: 'tool_search_tool_bm25_20251119' | 'tool_search_tool_bm25';
        readonly name: 'tool_search_tool_bm25';
      }
    | {
        readonly type: 'tool_search_tool_regex_20251119' | 'tool_search_tool_regex';
        readonly name: 'tool_search_tool_regex';
      }
  );

/** What can be set for one member of a toolset. */
interface MemberConfig {
  readonly defer_loading?: boolean | null;
  readonly enabled?: boolean | null;
}

interface Toolset<Type extends string, Member extends string> extends Cacheable {
  readonly type: Type;
  readonly configs?: { readonly [Name in Member]?: MemberConfig | null } | null;
}

type PointerAction =
  | 'double_click'
  | 'hold_key'
  | 'key'
  | 'left_click'
  | 'left_click_drag'
  | 'left_mouse_down'
  | 'left_mouse_up'
  | 'middle_click'
  | 'mouse_move'
  | 'right_click'
  | 'screenshot'
  | 'scroll'
  | 'triple_click'
  | 'type'
  | 'wait'
  | 'zoom';

type PageAction =
  | 'close_tab'
  | 'file_upload'
  | 'find'
  | 'form_input'
  | 'get_page_text'
  | 'hover'
  | 'javascript_exec'
  | 'list_tabs'
  | 'navigate'
  | 'new_tab'
  | 'read_console'
  | 'read_network'
  | 'read_page'
  | 'scroll_to'
  | 'switch_tab';

/** A web browser that the caller runs. */
export type BrowserToolset = Toolset<'browser_toolset_20260801', PointerAction | PageAction>;
/** A computer that the caller runs. */
export type ComputerToolset = Toolset<'computer_toolset_20260801', PointerAction | 'cursor_position'>;

interface McpToolConfig {
  readonly defer_loading?: boolean;
  readonly enabled?: boolean;
}

/** The tools of an MCP server that the provider is connected to. */
export interface McpToolset extends Cacheable {
  readonly type: 'mcp_toolset';
  readonly mcp_server_name: string;
  readonly configs?: { [key: string]: McpToolConfig } | null;
  readonly default_config?: McpToolConfig;
  readonly tools?:
    | {
        readonly name: string;
        readonly description?: string | null;
        readonly input_schema: { [key: string]: unknown };
      }[]
    | null;
}
