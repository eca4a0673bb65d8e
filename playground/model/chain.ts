import type { OperatorFunction, SchedulerLike } from 'rxjs';
import { operatorNamed, type Flow, type OperatorSpec } from './catalogue.js';
import { optionsCode, optionsOf, type Options, type RawOptions } from './options.js';

/** An operator of a chain as somebody chose it, with what stands in its form. */
export interface Step {
  readonly name: string;
  readonly options: RawOptions;
}

/** An operator of a chain as it is run: or why it is not. */
export interface Link {
  readonly step: Step;
  readonly spec: OperatorSpec | undefined;
  /** How code calls it. */
  readonly code: string;
  /** What is wrong with it, for a person. The others go on without it. */
  readonly problem: string | undefined;
  make(scheduler: SchedulerLike): OperatorFunction<never, unknown>;
}

const NAMES: Readonly<Record<Flow, string>> = {
  events: 'events',
  text: 'text',
  messages: 'messages',
  states: 'states',
  values: 'values of its own',
};

/** Reads a chain from its beginning: what is wrong is said where it is wrong, and left out. */
export function linksOf(steps: readonly Step[]): readonly Link[] {
  let flow: Flow = 'events';
  let from = 'the stream';
  return steps.map((step): Link => {
    const spec = operatorNamed(step.name);
    if (spec === undefined) return broken(step, undefined, `There is no operator ${step.name}`);
    if (spec.takes && !spec.takes.includes(flow)) {
      const wanted = spec.takes.map((name) => NAMES[name]).join(' or ');
      return broken(step, spec, `${spec.name} reads ${wanted}, and ${from} gives ${NAMES[flow]}`);
    }
    const link = linkOf(step, spec);
    if (link.problem !== undefined) return link;
    if (spec.gives !== 'what it takes') {
      flow = spec.gives;
      from = spec.name;
    }
    return link;
  });
}

function linkOf(step: Step, spec: OperatorSpec): Link {
  let options: Options;
  try {
    options = optionsOf(spec.options, step.options);
    // Some check their options when they are called.
    spec.make(options, NEVER);
  } catch (error) {
    return broken(step, spec, error instanceof Error ? error.message : String(error));
  }
  const code = spec.code?.(options) ?? `${spec.name}(${optionsCode(options)})`;
  return { step, spec, code, problem: undefined, make: (scheduler) => spec.make(options, scheduler) };
}

/** A scheduler of which nobody asks anything: calling an operator does nothing. */
const NEVER: SchedulerLike = {
  now: () => 0,
  schedule() {
    throw new Error('An operator was run while it was called');
  },
};

function broken(step: Step, spec: OperatorSpec | undefined, problem: string): Link {
  return { step, spec, code: `${step.name}(…)`, problem, make: () => (source) => source };
}

/** The links that are run. */
export function soundOf(links: readonly Link[]): readonly Link[] {
  return links.filter(({ problem }) => problem === undefined);
}

/** The chain of the README. */
export const FIRST_CHAIN: readonly Step[] = [
  { name: 'untilTerminal', options: {} },
  { name: 'accumulateMessage', options: {} },
];
