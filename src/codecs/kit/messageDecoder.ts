import type { StreamEvent } from '../../events/event.js';
import type { Frame } from '../../wire/frame.js';
import type { Decoder } from '../codec.js';
import { objectIn } from './door.js';
import type { Json } from './json.js';
import { MessageWriter } from './messageWriter.js';

/** A decoder whose frames are JSON objects. What {@link read} writes while it reads a frame are the frame's events. */
export abstract class MessageDecoder implements Decoder {
  protected readonly writer = new MessageWriter();

  next(frame: Frame): readonly StreamEvent[] {
    this.writer.at(frame);
    this.read(objectIn(frame), frame);
    return this.writer.take();
  }

  end(): readonly StreamEvent[] {
    return [];
  }

  protected abstract read(value: Json, frame: Frame): void;
}
