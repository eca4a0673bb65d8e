import type { Json } from '../kit/json.js';
import {
  anything,
  chosen,
  count,
  holding,
  listOf,
  lookup,
  nullableText,
  nullish,
  object,
  oneOf,
  place,
  someText,
  text,
  type Output,
  type Schema,
} from '../kit/shape.js';
import { words } from '../kit/words.js';

/**
 * The events of the Interactions API. The schemas ask that the members which the meaning depends on are of their type; every
 * other member passes as it came.
 */

/** The statuses beside our stop reasons. What is in neither column passes as it came. */
export const statuses = words([
  ['completed', 'end_turn'],
  ['completed', 'stop_sequence'],
  ['completed', 'pause_turn'],
  ['requires_action', 'tool_use'],
  ['incomplete', 'incomplete'],
  ['incomplete', 'max_tokens'],
  ['incomplete', 'model_context_window_exceeded'],
]);

/** The steps in which the API runs a tool: blocks of the same type stand for them. */
export const TOOL_STEP =
  /^(?:(?:code_execution|file_search|google_maps|google_search|mcp_server_tool|processing|retrieval|url_context)_(?:call|result)|function_result)$/;

const usage = holding({
  /** The tokens of the input, those from the cache included. */
  total_input_tokens: count,
  total_cached_tokens: count,
  total_output_tokens: count,
  total_thought_tokens: count,
  /** What tools gave that the API ran: it is input too. */
  total_tool_use_tokens: count,
  total_tokens: count,
});

/** What a step is made of: a text, a picture, a sound. */
const content = holding({ type: someText, text: nullableText, annotations: listOf(object<Json>({})) });

const step = holding({
  /** `thought`, `model_output`, `function_call`, or a tool of the API with `_call` or `_result`. */
  type: text,
  /** The id of a call, and the tool that it calls. */
  id: nullableText,
  name: nullableText,
  arguments: anything,
  /** What the model says, as far as it is known when the step begins. */
  content: listOf(content),
  /** What it thought. */
  summary: listOf(content),
  signature: nullableText,
});

const interaction = holding({
  id: nullableText,
  /** Who answers: a model, or an agent. */
  model: nullableText,
  agent: nullableText,
  status: nullableText,
  usage: nullish(usage),
  /** All steps, where they are told at the end. */
  steps: listOf(step),
});

const delta = holding({
  /** `text`, `thought_summary`, `thought_signature`, `arguments_delta`, `text_annotation_delta`, a medium, or a tool. */
  type: text,
  text: nullableText,
  content: nullish(content),
  signature: nullableText,
  /** A piece of JSON text (`arguments_delta`), or what a tool of the API is called with. */
  arguments: anything,
  annotations: listOf(object<Json>({})),
});

const events = {
  'interaction.created': { interaction },
  'interaction.status_update': { status: nullableText },
  'interaction.completed': { interaction },
  'step.start': { index: place, step },
  'step.delta': { index: place, delta },
  'step.stop': { index: place, usage: nullish(usage) },
  error: { error: holding({ code: anything, message: text }) },
} as const;

function eventOf<const Name extends keyof typeof events>(name: Name): Schema<InteractionEventOf<Name>> {
  return object<InteractionEventOf<Name>>({ event_type: oneOf(name), ...events[name] });
}

/** What each event holds, by its name. */
export const interactionEventSchemas = {
  'interaction.created': eventOf('interaction.created'),
  'interaction.status_update': eventOf('interaction.status_update'),
  'interaction.completed': eventOf('interaction.completed'),
  'step.start': eventOf('step.start'),
  'step.delta': eventOf('step.delta'),
  'step.stop': eventOf('step.stop'),
  error: eventOf('error'),
} as const;

/** Finds the schema of an event by its name. */
export const schemaOf: (name: string) => Schema<InteractionEvent> | undefined = lookup(
  interactionEventSchemas as Readonly<Record<string, Schema<InteractionEvent>>>,
);

/** Any event. */
export const interactionEventSchema: Schema<InteractionEvent> = chosen(
  ({ event_type }) => schemaOf(event_type as string) ?? interactionEventSchemas.error,
);

/** An event, by its name. */
type InteractionEventOf<Name extends keyof typeof events> = { readonly event_type: Name } & {
  readonly [Member in keyof (typeof events)[Name]]: (typeof events)[Name][Member] extends Schema<infer T>
    ? T
    : never;
};

/** Any event. */
export type InteractionEvent = {
  [Name in keyof typeof events]: InteractionEventOf<Name>;
}[keyof typeof events];

/** Numbers of tokens. */
export interface InteractionUsage extends Output<typeof usage> {}

/** What a step is made of. */
export interface InteractionContent extends Output<typeof content> {}

/** A step of an interaction. */
export interface InteractionStep extends Output<typeof step> {}

/** What is new of a step. */
export interface InteractionStepDelta extends Output<typeof delta> {}

/** What is said of an interaction as a whole. */
export interface Interaction extends Output<typeof interaction> {}
