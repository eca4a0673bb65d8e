/** The turns of Claude Code and of its agent SDK: `rxjs-llm-stream/claude-code`. */
export { claudeCode } from './codecs/claudeCode/codec.js';
export { permissionRequestIn } from './codecs/claudeCode/wire.js';
export { claudeCodeLineSchema, claudeCodeSchemas } from './codecs/claudeCode/schemas.js';
export type {
  ClaudeCodeApprovalFields,
  ClaudeCodeAssistant,
  ClaudeCodeLine,
  ClaudeCodeResult,
  ClaudeCodeStreamEvent,
  ClaudeCodeUser,
  Permission,
  PermissionRequest,
} from './codecs/claudeCode/wire.js';
