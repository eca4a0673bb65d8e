import type { StreamEvent } from '../../events/event.js';
import type { Frame } from '../../wire/frame.js';
import type { Encoder } from '../codec.js';
import { MessageReader, type Reading } from './messageReader.js';

/** An encoder whose frames are JSON objects: it puts them while it is given, one by one, what the events say. */
export abstract class MessageEncoder implements Encoder {
  readonly #reader = new MessageReader();
  #frames: Frame[] = [];

  next(event: StreamEvent): readonly Frame[] {
    for (const reading of this.#reader.next(event)) this.write(reading);
    return this.#take();
  }

  end(): readonly Frame[] {
    return this.#take();
  }

  protected abstract write(reading: Reading): void;

  /** Writes a frame. Members that are `undefined` are left out. */
  protected put(value: object): void {
    this.putFrame({ data: JSON.stringify(value) });
  }

  /** Writes a frame as it is. */
  protected putFrame(frame: Frame): void {
    this.#frames.push(frame);
  }

  #take(): readonly Frame[] {
    const frames = this.#frames;
    this.#frames = [];
    return frames;
  }
}
