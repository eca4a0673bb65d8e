/** Which call this is. */
export interface CallOf<Name extends string> {
  /** Who runs it: the caller for `tool_use`, the provider for the other two. */
  readonly type: 'tool_use' | 'server_tool_use' | 'mcp_tool_use';
  /** The place of its block in the message. */
  readonly index: number;
  /** What its result refers to. */
  readonly id: string;
  readonly name: Name;
}
