/** The frames of SynapsCLI's `synaps rpc`: `rxjs-llm-stream/synaps`. */
export { synaps, synapsTurn } from './codecs/synaps/codec.js';

// The protocol's own events
export {
  assistantEventSchema,
  assistantEventSchemas,
  rpcEventSchema,
  rpcEventSchemas,
} from './codecs/synaps/schemas.js';
export { isMessageUpdate, isTurnResponse, RPC_PROTOCOL_VERSION } from './codecs/synaps/wire.js';
export type * from './codecs/synaps/wire.js';
export type { TurnOptions } from './codecs/synaps/turnOptions.js';

// Operators: frames to the protocol's own events
export { decodeRpc, unwrapMessageUpdate, type DecodeRpcOptions } from './codecs/synaps/codec.js';
