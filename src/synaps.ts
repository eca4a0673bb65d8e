/** The frames of SynapsCLI's `synaps rpc`: `rxjs-llm-stream/synaps`. */
export { synaps, synapsTurn } from './codecs/synaps/codec.js';
export type { TurnOptions } from './codecs/synaps/turnOptions.js';

// The protocol's own events
export type * from './codecs/synaps/rpcEvent.js';
export { isMessageUpdate, isTurnResponse, RPC_PROTOCOL_VERSION } from './codecs/synaps/rpcEvent.js';
export {
  assistantEventSchema,
  assistantEventSchemas,
  rpcEventSchema,
  rpcEventSchemas,
} from './codecs/synaps/schemas.js';

// Operators: frames to the protocol's own events
export { decodeRpc, type DecodeRpcOptions } from './codecs/synaps/decodeRpc.js';
export { untilTurnEnd } from './codecs/synaps/untilTurnEnd.js';
export { unwrapMessageUpdate } from './codecs/synaps/unwrapMessageUpdate.js';
