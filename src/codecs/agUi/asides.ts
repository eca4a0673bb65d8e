import { isStranger } from '../kit/door.js';
import { isObject, type Json } from '../kit/json.js';
import { AgUiDecoder } from './decoder.js';
import { asideSchemaOf } from './wire.js';

/** How the protocol spells the types of its events; of a later version, too. */
const TYPE = /^[A-Z][A-Z\d_]*(?<!_)$/;

/** What else the value of an event of the application may be where it is `null`: a member that is optional must be absent. */
const MAY_BE_NULL: ReadonlySet<string> = new Set(['snapshot', 'value', 'event']);

/** The steps and sub-agents of a run, as far as events of the application say. Readers refuse a run that leaves one open. */
export class Asides {
  readonly #open = new Map<string, Json>();
  readonly #ended = new Set<string>();

  /**
   * @param name - what an unknown event is called
   * @param data - what it holds
   * @returns the event as it came where it is one of this protocol, or else within a CUSTOM event; none where it says
   *   nothing
   */
  written(name: string, data: unknown): Json | undefined {
    const custom = { type: 'CUSTOM', name, value: data ?? null };
    if (!isObject(data) || data['type'] !== name || !TYPE.test(name)) return custom;
    const event = Object.fromEntries(
      Object.entries(data).filter(([member, value]) => value !== null || MAY_BE_NULL.has(member)),
    );
    const schema = asideSchemaOf(name);
    if (schema === undefined) {
      return isStranger(new AgUiDecoder(), { data: JSON.stringify(event) }) && !event['subagentRunId']
        ? event
        : custom;
    }
    if (schema.flawOf(event) !== undefined) return custom;
    return this.#follow(name, event) ? event : undefined;
  }

  /** @returns what ends the steps and sub-agents that are open */
  close(): readonly Json[] {
    const ends = [...this.#open.values()];
    this.#open.clear();
    this.#ended.clear();
    return ends.reverse();
  }

  /** @returns whether the event fits those before it */
  #follow(type: string, event: Json): boolean {
    const { stepName, subagentRunId, parentSubagentRunId } = event;
    const owner = subagentRunId === undefined ? {} : { subagentRunId };
    if (type === 'STEP_STARTED')
      return this.#begin(['step', stepName, subagentRunId], { type: 'STEP_FINISHED', stepName, ...owner });
    if (type === 'STEP_FINISHED') return this.#end(['step', stepName, subagentRunId]);
    if (type === 'SUBAGENT_STARTED') {
      const key = ['agent', subagentRunId];
      const parent = JSON.stringify(['agent', parentSubagentRunId]);
      if (this.#ended.has(JSON.stringify(key))) return false;
      if (parentSubagentRunId !== undefined && !this.#open.has(parent) && !this.#ended.has(parent))
        return false;
      return this.#begin(key, { type: 'SUBAGENT_FINISHED', ...owner });
    }
    if (type === 'SUBAGENT_FINISHED' || type === 'SUBAGENT_ERROR') return this.#end(['agent', subagentRunId]);
    return true;
  }

  #begin(key: readonly unknown[], end: Json): boolean {
    const name = JSON.stringify(key);
    if (this.#open.has(name)) return false;
    this.#open.set(name, end);
    return true;
  }

  #end(key: readonly unknown[]): boolean {
    const name = JSON.stringify(key);
    this.#ended.add(name);
    return this.#open.delete(name);
  }
}
