import { quoted } from '../../errors/quoted.js';
import * as events from '../../events/make.js';
import type { MessageWriter } from './messageWriter.js';

/** What a frame says of a call. What is absent, `null` or empty says nothing. */
export interface CallPiece {
  /** Its number among the calls of the answer. Some providers leave it out, or number each call 0. */
  readonly index?: number | null | undefined;
  /** It may come late, once, with every piece, or never. */
  readonly id?: string | null | undefined;
  readonly name?: string | null | undefined;
  /** More of the JSON of its input; all of it where the call is finished. */
  readonly input?: string | null | undefined;
}

/** A call as far as it is known. Its block begins once its id and its name are. */
interface Call {
  readonly key: string;
  id?: string;
  name?: string;
  held: string;
  state: 'held' | 'open' | 'ended';
}

/** The calls of one message: told apart by their ids, and by their numbers where they have no ids yet. */
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

  announce(piece: CallPiece): void {
    const known = this.#find(piece);
    const isNew = known === undefined || known.state === 'ended' || isAnother(known, piece);
    const call = isNew ? this.#add(piece.index) : known;
    this.#name(call, piece.id, piece.name);
    // Where a provider says all there is at once, an empty text says that nothing came yet.
    this.#grow(call, piece.input || undefined);
  }

  /** Lets a call grow that has not ended; one that was not announced begins. */
  grow(piece: CallPiece): void {
    const call = this.#find(piece) ?? this.#add(piece.index);
    if (call.state === 'ended')
      throw this.#writer.contradiction(`The call ${quoted(call.id)} grew after its end`);
    this.#name(call, piece.id, piece.name);
    this.#grow(call, piece.input);
  }

  /** Takes calls that are finished. One without an id is the first that is unfinished. */
  finish(finals: readonly CallPiece[]): void {
    for (const final of finals) {
      const [first] = this.#unfinished;
      this.#settle(final, first);
    }
  }

  /** Takes all calls of the answer, and gives up what else is unfinished. One without an id is the one at its place. */
  conclude(finals: readonly CallPiece[]): void {
    for (const [place, final] of finals.entries()) this.#settle(final, this.#all[place]);
    this.abort('The call is not among those that were finished');
  }

  /** Ends the call that this names; all that are unfinished where nothing names one. */
  end(piece?: CallPiece): void {
    if (piece === undefined) {
      for (const call of this.#unfinished) this.#end(call);
      return;
    }
    if (this.#find(piece)?.state !== 'ended') this.announce(piece);
    const call = this.#find(piece);
    if (call !== undefined) this.#end(call);
  }

  abort(reason: string): void {
    for (const call of this.#unfinished) {
      if (call.state === 'open') this.#writer.abort(call.key, reason);
      else this.#writer.held -= call.held.length;
      this.#close(call);
    }
  }

  /** The id of the call that ended last, or that was spoken of last. */
  get lastId(): string | undefined {
    return this.#last?.id;
  }

  #find({ index, id }: CallPiece): Call | undefined {
    const named = id ? this.#byId.get(id) : undefined;
    if (typeof index !== 'number') return named ?? (id ? undefined : this.#last);
    const placed = this.#byIndex.get(index);
    return placed === undefined || hasOtherId(placed, id) ? named : placed;
  }

  /** Ends a call as it is here; one that was not streamed begins and ends at once. */
  #settle(final: CallPiece, placed: Call | undefined): void {
    const named = final.id ? this.#byId.get(final.id) : undefined;
    const call = named ?? (placed && !hasOtherId(placed, final.id) ? placed : this.#add(undefined));
    this.#name(call, final.id, final.name);
    this.#end(call, final.input);
  }

  #add(index: number | null | undefined): Call {
    const call: Call = { key: `call:${this.#all.length}`, held: '', state: 'held' };
    this.#all.push(call);
    this.#unfinished.add(call);
    this.#last = call;
    if (typeof index === 'number') this.#byIndex.set(index, call);
    return call;
  }

  #name(call: Call, id: CallPiece['id'], name: CallPiece['name']): void {
    if (id && call.id === undefined) {
      call.id = id;
      this.#byId.set(id, call);
    }
    if (name && name !== (call.name ?? name)) {
      const message = `The call ${quoted(call.id)} is of two tools, ${quoted(call.name)} and ${quoted(name)}`;
      throw this.#writer.contradiction(message);
    }
    if (name) call.name ??= name;
    if (call.id !== undefined && call.name !== undefined) this.#begin(call, call.id, call.name);
  }

  #begin(call: Call, id: string, name: string): void {
    if (call.state !== 'held') return;
    call.state = 'open';
    this.#writer.held -= call.held.length;
    // Some providers give no ids; a call without a name nobody can run.
    const flaw = name === '' ? 'The call has no name' : undefined;
    this.#writer.startUnasked(call.key, events.toolUseStart(0, id, name).content_block, flaw);
    if (call.held !== '') this.#writer.grow(call.key, call.held);
  }

  #grow(call: Call, piece: string | null | undefined): void {
    if (typeof piece !== 'string') return;
    if (call.state !== 'held') return this.#writer.grow(call.key, piece);
    call.held += piece;
    this.#writer.held += piece.length;
  }

  #end(call: Call, json?: string | null): void {
    const { key, held } = call;
    // The end of nothing.
    if ((call.id ?? call.name ?? (json || held)) === '') return this.#close(call);
    call.id ??= '';
    call.name ??= '';
    this.#begin(call, call.id, call.name);
    if (json) this.#writer.settle(key, json);
    // An empty text says that the input was streamed, or that there is none.
    else if (call.state === 'open') this.#writer.stop(key);
    this.#close(call);
  }

  #close(call: Call): void {
    call.state = 'ended';
    this.#unfinished.delete(call);
    this.#last = call;
  }
}

function hasOtherId(call: Call, id: string | null | undefined): boolean {
  return Boolean(id) && call.id !== undefined && call.id !== id;
}

/** Whether a call that neither an id nor a number names is another: it has a name, and so had the one before. */
function isAnother(call: Call, { index, id, name }: CallPiece): boolean {
  return typeof index !== 'number' && !id && Boolean(name) && call.name !== undefined;
}
