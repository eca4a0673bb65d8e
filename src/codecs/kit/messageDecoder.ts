import type { ErrorEvent, StreamEvent } from '../../events/event.js';
import * as events from '../../events/make.js';
import type { Frame } from '../../wire/frame.js';
import type { Decoder } from '../codec.js';
import type { Passing } from '../skip.js';
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
    this.writer.at(frame);
    this.read(objectIn(frame), frame);
    return this.writer.take();
  }

  end(): readonly StreamEvent[] {
    return [];
  }

  lose(_frame: Frame, reason: string): void {
    this.writer.lose(reason);
  }

  protected abstract read(value: Json, frame: Frame): void;

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

  /** Ends the answer badly. */
  protected fail(error: ErrorEvent): void {
    this.writer.fail(error);
  }
}
