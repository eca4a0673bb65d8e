/** Runs, which outlive their connection and their machine: `rxjs-llm-stream/log`. */
export type { RunLimits } from './log/bounds.js';
export { fromLog, type FromLogOptions } from './log/fromLog.js';
export type { ApproveInRun, RunApproval, ToLogOptions } from './log/logged.js';
export { memoryLog, type MemoryLogOptions } from './log/memoryLog.js';
export type { Ask, Entry, EntryId, Outcome, RunLog, RunWriter } from './log/runLog.js';
export { serveRun, type ServeRunOptions } from './log/serveRun.js';
export { shareRun, type ViewOptions } from './log/shareRun.js';
export { startRun, type StartRunOptions } from './log/startRun.js';
export { toLog } from './log/toLog.js';
