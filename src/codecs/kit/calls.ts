import { quoted } from '../../errors/quoted.js';
import * as events from '../../events/make.js';
import { escaped } from './jsonString.js';
import { hasOtherId, isAnother, type CallPiece } from './callPiece.js';
import type { MessageWriter } from './messageWriter.js';
import { isWholeObject } from './sameJson.js';

/** A call as far as it is known. Its block begins once its id and its name are. */
interface Call {
  readonly key: string;
  id?: string;
  name?: string;
  signature?: string | undefined;
  isText?: boolean;
  /** Why it can never be whole. */
  flaw?: string;
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
  /** Those that may be whole: they grew since it was last looked for. */
  readonly #grown = new Set<Call>();
  readonly #idOf: (place: number) => string;
  #last: Call | undefined;

  /** @param idOf - makes the id of a call that ends without one, from its place among the calls. Default: it is empty */
  constructor(writer: MessageWriter, idOf: (place: number) => string = () => '') {
    this.#writer = writer;
    this.#idOf = idOf;
  }

  /** How many calls there are, whether or not they have ended. */
  get size(): number {
    return this.#all.length;
  }

  /**
   * Takes a piece from a wire that says neither that a call begins nor that it ends: a call that is whole ends where
   * another begins. Should it grow all the same, the message is written anew, with a call that nobody can read.
   */
  take(piece: CallPiece): void {
    const known = this.#find(piece);
    const isNew = known === undefined || isAnother(known, piece);
    if (isNew) this.endWhole();
    const call = isNew ? this.#add(piece.index) : known;
    if (piece.signature) this.#sign(call, piece.signature);
    if (call.state === 'ended') return this.#goOn(call, piece.input);
    if (piece.isText) call.isText = true;
    // Nobody can tell whose input this is, unless an id has said which call it is.
    if (call.id === undefined && !piece.id && piece.name && piece.name !== (call.name ?? piece.name))
      call.flaw = `The call has no id and two names, ${quoted(call.name)} and ${quoted(piece.name)}`;
    // The name is said once; what some providers send in its place later says nothing.
    this.#name(call, piece.id, call.name ?? piece.name);
    // Where a call is named, an empty text says that nothing came yet.
    this.#grow(call, piece.id || piece.name ? piece.input || undefined : piece.input);
    this.#grown.add(call);
  }

  /** Ends the calls whose input is a whole object. */
  endWhole(): void {
    if (this.#grown.size === 0) return;
    const last = this.#last;
    for (const call of this.#grown) {
      if (call.state === 'open' && isWholeObject(this.#saidBy(call))) this.#end(call);
    }
    this.#grown.clear();
    this.#last = last;
  }

  /** Gives up the calls that have not ended and would look whole: those of no input yet, and those whose input is text. */
  abortUnclear(reason: string): void {
    for (const call of this.#unfinished) {
      if (call.isText || !this.#saidBy(call)) this.#giveUp(call, reason);
    }
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
    for (const call of this.#unfinished) this.#giveUp(call, reason);
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

  /** The first signature counts. One that comes late is not lost: without it the call must not be sent back. */
  #sign(call: Call, signature: string): void {
    if (call.signature !== undefined) return;
    call.signature = signature;
    if (this.#writer.saidBy(call.key) !== undefined) this.#writer.amend(call.key, { signature });
  }

  #begin(call: Call, id: string, name: string): void {
    if (call.state !== 'held') return;
    call.state = 'open';
    this.#writer.held -= call.held.length;
    // Some providers give no ids; a call without a name nobody can run.
    const flaw = name === '' ? 'The call has no name' : call.flaw;
    const block = events.toolUseStart(0, id, name).content_block;
    const { signature } = call;
    this.#writer.startUnasked(call.key, signature ? { ...block, signature } : block, flaw);
    if (call.held !== '') this.#writer.grow(call.key, call.held);
  }

  #grow(call: Call, given: string | null | undefined): void {
    if (typeof given !== 'string') return;
    const piece = call.isText ? this.#quoted(call, given) : given;
    if (call.state !== 'held') return this.#writer.grow(call.key, piece);
    call.held += piece;
    this.#writer.held += piece.length;
  }

  /** A piece of a text as a piece of a JSON string. */
  #quoted(call: Call, piece: string): string {
    return `${this.#saidBy(call) ? '' : '"'}${escaped(piece)}`;
  }

  #saidBy({ state, key, held }: Call): string {
    return state === 'held' ? held : (this.#writer.saidBy(key) ?? '');
  }

  #goOn(call: Call, piece: string | null | undefined): void {
    if (piece) this.#writer.settle(call.key, this.#saidBy(call) + piece);
  }

  #end(call: Call, json?: string | null): void {
    const { key, held } = call;
    // The end of nothing.
    if ((call.id ?? call.name ?? (json || held)) === '') return this.#close(call);
    call.id ??= this.#idOf(this.#all.indexOf(call));
    call.name ??= '';
    if (call.isText) {
      call.isText = false;
      this.#grow(call, this.#saidBy(call) ? '"' : '""');
    }
    this.#begin(call, call.id, call.name);
    if (json) this.#writer.settle(key, json);
    // An empty text says that the input was streamed, or that there is none.
    else if (call.state === 'open') this.#writer.stop(key);
    this.#close(call);
  }

  #giveUp(call: Call, reason: string): void {
    if (call.state === 'open') this.#writer.abort(call.key, reason);
    else this.#writer.held -= call.held.length;
    this.#close(call);
  }

  #close(call: Call): void {
    call.state = 'ended';
    this.#unfinished.delete(call);
    this.#last = call;
  }
}
