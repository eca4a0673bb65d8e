/** The server's side, of web standards alone: `rxjs-llm-stream/server`. */
export { publicError, type PublicError } from './errors/publicError.js';
export type { Gate } from './rx/gate.js';
export { drain, type DrainOptions } from './server/drain.js';
export { gate } from './server/gate.js';
export { nodeHandler, type NodeResponse } from './server/nodeHandler.js';
export type { NodeRequest } from './server/nodeRequest.js';
export { respond, type RespondOptions } from './server/respond.js';
