import type { ObservableInput } from 'rxjs';
import { quoted } from '../errors/quoted.js';
import type { ToolCall, ToolOptions, ToolSchemas } from '../fold/calls/toolInput.js';

/** A call that can be run. */
export type RunnableCall<Tools extends ToolSchemas | undefined = undefined> = Extract<
  ToolCall<Tools>,
  { readonly status: 'complete' }
>;

/** What a handler knows of the call that it runs. */
export interface ToolContext<Call> {
  readonly call: Call;
  /** Aborted when nobody waits for the result any more: after Stop, its timeout, a `reset`, or a failure of the reply. */
  readonly signal: AbortSignal;
}

/**
 * Runs one tool. It returns the result, any JSON value, or what gives it: a Promise, an Observable, an async iterable, a
 * generator. Of several values the last one is the result, and those before it are progress.
 */
export type ToolHandler<Call extends { readonly input: unknown } = RunnableCall> = (
  input: Call['input'],
  context: ToolContext<Call>,
) => unknown;

/** Whether a call may be run; `later` leaves it without a result, for somebody who answers when this stream is over. */
export type ToolDecision =
  boolean | 'later' | { readonly approved: boolean; readonly reason?: string | undefined };

/** Decides whether a call may be run. Its first answer counts. */
export type ApproveTool<Call = RunnableCall> = (call: Call) => ObservableInput<ToolDecision> | ToolDecision;

/** A handler with options of its own, in place of those for all tools. */
export interface ToolWithOptions<Call extends { readonly input: unknown } = RunnableCall> {
  readonly run: ToolHandler<Call>;
  /** How long each call may run, in ms, from its approval and its start on; not at all timed for 0 or less. */
  readonly timeout?: number | undefined;
  readonly approve?: ApproveTool<Call> | undefined;
  /** How many calls of this tool run at the same time at most. They don't count among those of the other tools. */
  readonly concurrency?: number | undefined;
}

/** What runs the tools, by their names. With schemas, each gets the type of its input from its own. */
export type ToolHandlers<Tools extends ToolSchemas | undefined = undefined> = Tools extends ToolSchemas
  ? {
      readonly [Name in keyof Tools & string]: HandlerOf<
        Extract<RunnableCall<Tools>, { readonly name: Name }>
      >;
    }
  : Readonly<Record<string, HandlerOf<RunnableCall>>>;

type HandlerOf<Call extends { readonly input: unknown }> = ToolHandler<Call> | ToolWithOptions<Call>;

/** Options of `runTools`. */
export interface RunToolsOptions<
  Tools extends ToolSchemas | undefined = undefined,
> extends ToolOptions<Tools> {
  /** How many calls run at the same time at most; the others wait in their order. Anything but a number above 1 counts as 1. Default 64. */
  readonly concurrency?: number | undefined;
  /** How long each call may run, in ms, from its approval and its start on; none is timed where it is left out, 0 or negative. */
  readonly timeout?: number | undefined;
  /** Decides whether a call may be run. Without it, every call is. */
  readonly approve?: ApproveTool<RunnableCall<Tools>> | undefined;
  /** What becomes of a call of a tool that has no handler: a result that is an error, or none. Default `error`. */
  readonly unhandled?: 'error' | 'leave' | undefined;
  /** Learns what went wrong where a result is an error: what a tool threw, as it threw it. What this throws is ignored. */
  readonly onError?: ((error: unknown, call: ToolCall<Tools>) => unknown) | undefined;
}

/**
 * Takes the handlers as they are.
 *
 * @throws TypeError for one that cannot be run
 */
export function requireHandlers(handlers: ToolHandlers): ToolHandlers {
  for (const name of Object.keys(handlers)) {
    const tool = handlerOf(handlers, name);
    if (tool && typeof tool.run !== 'function')
      throw new TypeError(`The handler of ${quoted(name)} is not a function, nor { run } with one`);
  }
  return handlers;
}

/** The handler of a tool, with its options; `undefined` where there is none. */
export function handlerOf(handlers: ToolHandlers, name: string): ToolWithOptions | undefined {
  const handler = Object.hasOwn(handlers, name) ? handlers[name] : undefined;
  return typeof handler === 'function' ? { run: handler } : (handler ?? undefined);
}
