import { words } from '../kit/words.js';

/**
 * The stop reasons of the service, in its own words and in ours. One that is not here passes as it came, both ways: the
 * service adds its own (`{ other }` in its SDKs), and so do we (`cancelled`). Its SDKs read a reason in any case.
 */
export const stopReasons = words(
  [
    ['end_turn', 'end_turn'],
    ['stop', 'end_turn'],
    ['completed', 'end_turn'],
    ['max_tokens', 'max_tokens'],
    ['max_len', 'max_tokens'],
    ['length', 'max_tokens'],
    ['stop_sequence', 'stop_sequence'],
    ['tool_calls', 'tool_use'],
    ['max_context', 'model_context_window_exceeded'],
    ['content_filter', 'refusal'],
    ['time_limit', 'time_limit'],
    ['incomplete', 'incomplete'],
    ['unknown', 'unknown'],
  ],
  (reason) => reason.trim().toLowerCase(),
);
