import { StreamError } from '../../errors/streamError.js';
import type { Frame } from '../../wire/frame.js';
import type { RelayToolCall, RelayToolCallDelta } from '../modelrelay/records.js';
import type { MessageWriter } from './messageWriter.js';

/** A call as far as it is known. Its block begins once its id and its name are. */
interface Call {
  readonly key: string;
  id: string | undefined;
  name: string | undefined;
  /** What came of its input before its block began. */
  held: string;
  state: 'held' | 'open' | 'ended';
}

/**
 * The calls of one message. They are told apart by their ids, and by their numbers where they have none yet: some
 * providers number each call 0, others give the id late or only once.
 */
export class Calls {
  readonly #writer: MessageWriter;
  readonly #all: Call[] = [];
  readonly #byIndex = new Map<number, Call>();
  readonly #byId = new Map<string, Call>();
  readonly #unfinished = new Set<Call>();
  #last: Call | undefined;

  constructor(writer: MessageWriter) {
    this.#writer = writer;
  }

  /** Begins a call, or says more of one that has begun. */
  announce(delta: RelayToolCallDelta, frame: Frame): void {
    const known = this.#find(delta);
    const call = known === undefined || known.state === 'ended' ? this.#add(delta.index) : known;
    this.#name(call, delta.id, nameOf(delta), frame);
    // Where a provider announces all fields at once, an empty text says that nothing came yet.
    this.#grow(call, delta.function?.arguments || undefined);
  }

  /** Lets a call grow; one that was not announced begins. */
  grow(delta: RelayToolCallDelta, frame: Frame): void {
    const call = this.#find(delta) ?? this.#add(delta.index);
    if (call.state === 'ended') throw contradiction(frame, `The call ${call.id ?? ''} grew after its end`);
    // Nor does an empty one name a call here.
    this.#name(call, delta.id || undefined, nameOf(delta) || undefined, frame);
    this.#grow(call, delta.function?.arguments);
  }

  /**
   * Takes calls that are finished: those that were streamed end as they are here, and others begin and end at once.
   *
   * @param finals - the calls; one without an id is the first that is unfinished
   */
  finish(finals: readonly RelayToolCall[], frame: Frame): void {
    for (const final of finals) {
      const [first] = this.#unfinished;
      this.#settle(final, first, frame);
    }
  }

  /**
   * Takes all calls of the answer; what else has begun and not ended is given up.
   *
   * @param finals - the calls; one without an id is the one at its place
   */
  conclude(finals: readonly RelayToolCall[], frame: Frame): void {
    finals.forEach((final, place) => this.#settle(final, this.#all[place], frame));
    this.abort('The call is not among those that were finished');
  }

  /** Ends the call that this names; all that are unfinished where nothing names one. */
  end(delta: RelayToolCallDelta | undefined, frame: Frame): void {
    if (delta === undefined) return this.#unfinished.forEach((call) => this.#end(call, frame));
    if (this.#find(delta)?.state !== 'ended') this.announce(delta, frame);
    const call = this.#find(delta);
    if (call !== undefined) this.#end(call, frame);
  }

  /** Gives up what has not ended. */
  abort(reason: string): void {
    for (const call of this.#unfinished) {
      if (call.state === 'open') this.#writer.abort(call.key, reason);
      this.#close(call);
    }
  }

  /** The id of the call that a result is of: the last of the calls named with it, or the last that ended. */
  answered(named: readonly RelayToolCall[], frame: Frame): string {
    const id = named.at(-1)?.id ?? this.#last?.id;
    if (id === undefined) throw contradiction(frame, 'A result came of no call');
    return id;
  }

  #find({ index, id }: RelayToolCallDelta): Call | undefined {
    const named = id ? this.#byId.get(id) : undefined;
    if (typeof index !== 'number') return named ?? (id ? undefined : this.#last);
    const placed = this.#byIndex.get(index);
    return placed === undefined || isOther(placed, id) ? named : placed;
  }

  #settle(final: RelayToolCall, placed: Call | undefined, frame: Frame): void {
    const named = final.id ? this.#byId.get(final.id) : undefined;
    const call = named ?? (placed && !isOther(placed, final.id) ? placed : this.#add(undefined));
    this.#name(call, final.id, nameOf(final), frame);
    this.#end(call, frame, final.function?.arguments);
  }

  #add(index: number | null | undefined): Call {
    const key = `call ${this.#all.length}`;
    const call: Call = { key, id: undefined, name: undefined, held: '', state: 'held' };
    this.#all.push(call);
    this.#unfinished.add(call);
    this.#last = call;
    if (typeof index === 'number') this.#byIndex.set(index, call);
    return call;
  }

  #name(call: Call, id: string | null | undefined, name: string | undefined, frame: Frame): void {
    if (typeof id === 'string' && call.id === undefined) {
      call.id = id;
      this.#byId.set(id, call);
    }
    call.name ??= name;
    if (name && name !== call.name) {
      throw contradiction(frame, `The call ${call.id ?? ''} is of two tools: ${call.name ?? ''} and ${name}`);
    }
    if (call.id !== undefined && call.name !== undefined) this.#begin(call);
  }

  #begin(call: Call): void {
    if (call.state !== 'held') return;
    call.state = 'open';
    this.#writer.startTool(call.key, call.id ?? '', call.name ?? '');
    if (call.held !== '') this.#writer.grow(call.key, call.held);
    call.held = '';
  }

  #grow(call: Call, piece: string | null | undefined): void {
    if (typeof piece !== 'string') return;
    if (call.state === 'held') call.held += piece;
    else this.#writer.grow(call.key, piece);
  }

  #end(call: Call, frame: Frame, json?: string): void {
    if (call.name === undefined) throw contradiction(frame, `The call ${call.id ?? ''} ended without a name`);
    this.#begin(call);
    // An empty text says that the input was streamed, or that there is none.
    if (json) this.#writer.settleInput(call.key, json);
    else if (call.state === 'open') this.#writer.stop(call.key);
    this.#close(call);
  }

  #close(call: Call): void {
    call.state = 'ended';
    this.#unfinished.delete(call);
    this.#last = call;
  }
}

/** What a call is of: a function by its name, and any other tool by its type. */
function nameOf({ type, function: named }: RelayToolCallDelta): string | undefined {
  return named?.name ?? (type === 'function' ? undefined : type) ?? undefined;
}

/** Whether an id is that of another call than this one. */
function isOther(call: Call, id: string | undefined): boolean {
  return Boolean(id) && call.id !== undefined && call.id !== id;
}

function contradiction(frame: Frame, message: string): StreamError {
  return new StreamError('protocol', message, { raw: frame.data });
}
