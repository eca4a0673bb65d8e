import type { ErrorEvent, StreamEvent } from '../../events/event.js';
import * as events from '../../events/make.js';
import type { Frame } from '../../wire/frame.js';
import type { Decoder } from '../codec.js';
import { isNoEvent, linesIn, type Passing } from '../skip.js';
import { objectIn } from './door.js';
import { errorIn, isFailure } from './errorIn.js';
import type { Json } from './json.js';
import { MessageWriter } from './messageWriter.js';

/** A decoder whose frames are JSON objects. What {@link read} writes while it reads a frame are the frame's events. */
export abstract class MessageDecoder implements Decoder {
  protected readonly writer = new MessageWriter();
  protected readonly pass: Passing;

  constructor(pass: Passing = () => undefined) {
    this.pass = pass;
  }

  get held(): number {
    return this.writer.held;
  }

  next(frame: Frame): readonly StreamEvent[] {
    const { event } = frame;
    this.writer.at(frame);
    if (event === 'ping' || event === 'error') this.#readNamed(frame);
    else this.read(objectIn(frame), frame);
    return this.writer.take();
  }

  again(piece: string, length: number): readonly StreamEvent[] {
    this.writer.growAgain(piece, length);
    return this.writer.take();
  }

  end(): readonly StreamEvent[] {
    return [];
  }

  lose(_frame: Frame, reason: string): void {
    this.writer.lose(reason);
  }

  protected abstract read(value: Json, frame: Frame): void;

  /** A `ping` or an `error` may come from any server or proxy, and need not hold JSON. */
  #readNamed(frame: Frame): void {
    const { data, event } = frame;
    let value: Json;
    try {
      value = objectIn(frame);
    } catch (problem) {
      // Of several events in one frame only the last has this name, and broken JSON may have been one without it.
      const isSound = event === 'error' || isNoEvent(data) || !data.includes('{');
      if (linesIn(frame) || !isSound) throw problem;
      return event === 'error' ? this.fail(errorIn(data)) : this.writer.emit(events.ping());
    }
    if (event === 'ping') this.writer.emit(events.ping());
    else this.readError(value);
  }

  /** Reads what an event named `error` holds. */
  protected readError(value: Json): void {
    this.fail(errorIn(value));
  }

  /**
   * Takes what the protocol does not know: a failure, which any server or proxy may put in, or an event of an unknown
   * type.
   *
   * @param frame - what the frame holds
   * @param name - what the unknown event is called; `undefined` where only a failure can be read
   * @param data - what the unknown event holds
   * @returns whether it could be read
   */
  protected readOther(frame: Json, name: string | undefined, data: unknown = frame): boolean {
    if (isFailure(frame)) this.fail(errorIn(frame));
    else if (name === undefined) return false;
    else this.writer.emit(events.unknown(name, data));
    return true;
  }

  /**
   * Ends the answer badly, once: a failure is often said twice, by itself and as the end of the answer. Where a protocol
   * does not say where an answer begins, another failure may be of the next one, and its decoder asks the writer itself.
   */
  protected fail(error: ErrorEvent): void {
    if (this.writer.ended === 'badly') this.pass('stray');
    else this.writer.fail(error);
  }
}
