import type { ErrorEvent, StreamEvent } from '../../events/event.js';
import type { Frame } from '../../wire/frame.js';
import type { Passing } from '../skip.js';
import * as events from '../../events/make.js';
import { checked, malformedFrame } from '../kit/door.js';
import { errorIn, isFailure } from '../kit/errorIn.js';
import type { Facts } from '../kit/facts.js';
import { isObject, type Json } from '../kit/json.js';
import { MessageDecoder } from '../kit/messageDecoder.js';
import { ContentReader } from './contentReader.js';
import { exceptionIn, isException } from './exception.js';
import { INVOCATION, METADATA_MEMBERS, schemaOf, stopReasons } from './wire.js';
import type {
  ConverseBlockDelta,
  ConverseBlockStart,
  ConverseBlockStop,
  ConverseEventType,
  ConverseMessageStop,
  ConverseMetadata,
} from './wire.js';

/** What every body may have, so that its length tells nothing: the beginning of these. */
const PADDING = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

/** What `usage` has beside the numbers that a `Message` has fields for. */
const COUNTS: ReadonlySet<string> = new Set([
  'inputTokens',
  'outputTokens',
  'totalTokens',
  'cacheReadInputTokens',
  'cacheWriteInputTokens',
]);

/** Reads the events of `ConverseStream`. An answer ends once it has both stopped and said what it cost. */
export class ConverseDecoder extends MessageDecoder {
  readonly #facts: Facts;
  #content = new ContentReader(this.writer, this.pass);
  #hasStopped = false;
  #hasUsage = false;

  /** @param facts - what is known of the answer beforehand: the wire tells neither its id nor its model */
  constructor(facts: Facts = {}, pass?: Passing) {
    super(pass);
    this.#facts = facts;
  }

  override next(frame: Frame): readonly StreamEvent[] {
    const { event } = frame;
    if (!isException(event)) return super.next(frame);
    this.writer.at(frame);
    this.fail(errorIn(exceptionIn(event, frame)));
    return this.writer.take();
  }

  /** What an answer cost may be missing. */
  override end(): readonly StreamEvent[] {
    if (this.#hasStopped) this.#conclude();
    return this.writer.take();
  }

  protected override read(value: Json, frame: Frame): void {
    const { event } = frame;
    if (event !== undefined && event !== 'message') this.#readEvent(event, value, frame);
    else this.#readNameless(value, frame);
  }

  /** Models of Amazon name the event in the body: `{"contentBlockStop":{…}}`. */
  #readNameless(value: Json, frame: Frame): void {
    if (this.readOther(value, undefined)) return;
    const { [INVOCATION]: counted, ...named } = value;
    const [name = INVOCATION, ...others] = Object.keys(named);
    const body = value[name];
    if (others.length > 0 || !isObject(body)) throw malformedFrame(frame, 'The frame has no :event-type');
    if (isException(name)) return this.fail(errorIn(exceptionIn(name, { data: JSON.stringify(body) })));
    if (counted && this.writer.hasBegun) this.writer.learn({ [INVOCATION]: counted });
    this.#readEvent(name, body, frame);
  }

  #readEvent(name: string, body: Json, frame: Frame): void {
    const schema = schemaOf(name);
    if (schema === undefined) {
      if (isFailure(body)) this.fail(errorIn(body));
      else this.writer.emit(events.unknown(name, unpadded(body)));
      return;
    }
    const value = checked(schema, body, name, frame);
    switch (name as ConverseEventType) {
      case 'messageStart':
        return this.#begin();
      case 'contentBlockStart':
        if (this.#enter() && !this.#content.start(value as ConverseBlockStart)) this.#passOn(name, body);
        return;
      case 'contentBlockDelta':
        if (this.#enter() && !this.#content.grow(value as ConverseBlockDelta)) this.#passOn(name, body);
        return;
      case 'contentBlockStop':
        return this.#content.stop((value as ConverseBlockStop).contentBlockIndex);
      case 'messageStop':
        return this.#stop(value as ConverseMessageStop);
      case 'metadata':
        return this.#learnMetadata(value as ConverseMetadata);
    }
  }

  #passOn(name: string, body: Json): void {
    this.writer.emit(events.unknown(name, unpadded(body)));
  }

  #begin(): void {
    if (this.writer.hasBegun) {
      if (!this.#hasStopped)
        throw this.writer.contradiction('A message began before the one before it had ended');
      this.#conclude();
    }
    this.writer.begin(this.#facts);
  }

  /** @returns whether a block may begin or grow; the start of the message may have been left out */
  #enter(): boolean {
    const { writer } = this;
    if (this.#hasStopped) throw writer.contradiction('A block grew after its message had stopped');
    if (writer.hasBegun) return true;
    if (writer.ended === 'badly') {
      this.pass('stray');
      return false;
    }
    writer.begin(this.#facts);
    return true;
  }

  #stop({ stopReason, additionalModelResponseFields: fields }: ConverseMessageStop): void {
    if (this.#hasStopped || this.#isOver) return this.pass('stray');
    this.writer.begin(this.#facts);
    this.writer.learn({ stop: stopReasons.ours(stopReason), ...sequenceIn(fields) });
    this.#hasStopped = true;
    if (this.#hasUsage) this.#conclude();
  }

  #learnMetadata(metadata: ConverseMetadata): void {
    if (this.#isOver) return this.pass('stray');
    this.writer.begin(this.#facts);
    for (const name of METADATA_MEMBERS) {
      if (metadata[name]) this.writer.learn({ [name]: metadata[name] });
    }
    const { usage } = metadata;
    // A second one may hold metrics alone.
    if (!usage || Object.values(usage).every((count) => typeof count !== 'number')) return;
    this.#hasUsage = true;
    this.writer.learn({
      usage: {
        input_tokens: usage.inputTokens,
        output_tokens: usage.outputTokens,
        cache_read_input_tokens: usage.cacheReadInputTokens,
        cache_creation_input_tokens: usage.cacheWriteInputTokens,
      },
      usage_details: Object.keys(usage).every((name) => COUNTS.has(name)) ? undefined : usage,
    });
    if (this.#hasStopped) this.#conclude();
  }

  /** Whether the last answer has ended and no other has begun. */
  get #isOver(): boolean {
    return this.writer.ended !== undefined;
  }

  #conclude(): void {
    this.#content.end();
    const isUsual = this.writer.reason === null || this.writer.reason === 'end_turn';
    // Some models call tools and say that they are done.
    if (isUsual && this.#content.hasCalls && !this.writer.hasLoss) this.writer.learn({ stop: 'tool_use' });
    this.writer.conclude();
    this.#forget();
  }

  protected override fail(error: ErrorEvent): void {
    super.fail(error);
    this.#forget();
  }

  #forget(): void {
    this.#content = new ContentReader(this.writer, this.pass);
    this.#hasStopped = false;
    this.#hasUsage = false;
  }
}

/** The stop sequence that was met; the fields as they came where they say anything else. */
function sequenceIn(fields: unknown): Facts {
  const { delta, ...others }: Json = isObject(fields) ? fields : {};
  const { stop_sequence, ...rest }: Json = isObject(delta) ? delta : {};
  const isAll = isObject(fields) && Object.keys({ ...others, ...rest }).length === 0;
  return {
    ...(typeof stop_sequence === 'string' && { stop_sequence }),
    ...(!isAll && { additionalModelResponseFields: fields }),
  };
}

function unpadded(body: Json): Json {
  const { p, ...others } = body;
  return typeof p === 'string' && PADDING.startsWith(p) ? others : body;
}
