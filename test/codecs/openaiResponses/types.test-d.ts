/** Holds what we read and write against the official SDK's types; `tsc --noEmit` is the test. */
import type {
  ResponseCreateParamsStreaming,
  ResponseInput,
  ResponseInputItem,
  ResponseOutputItem,
  ResponseStreamEvent,
  ResponseUsage,
} from 'openai/resources/responses/responses';
import { from } from 'rxjs';
import { toMessage } from '../../../src/index.js';
import { responseInputOf, streamResponses } from '../../../src/openai.js';
import type {
  ResponsesEvent,
  ResponsesInputItem,
  ResponsesItem,
  ResponsesUsage,
} from '../../../src/openai.js';

/** Compiles only where every `Value` fits `Type`. */
type Fits<Type, Value extends Type> = Value;

export type RequestsFitTheSdk = Fits<ResponseInputItem, ResponsesInputItem>;

type Known = Extract<ResponseStreamEvent, { type: ResponsesEvent['type'] }>;

export type EventsOfTheSdkAreEvents = [
  Fits<ResponsesEvent['type'], Known['type']>,
  Fits<ResponsesUsage, ResponseUsage>,
  Fits<Pick<ResponsesItem, 'type' | 'id'>, Extract<ResponseOutputItem, { type: 'message' | 'reasoning' }>>,
];

from([])
  .pipe(toMessage())
  .subscribe((message) => {
    const input: ResponseInput = responseInputOf([{ role: 'user', content: 'Hello' }, message]);
    const params: ResponseCreateParamsStreaming = { model: 'gpt-5.5', input, stream: true };
    void streamResponses(params, { apiKey: 'key' });
    void streamResponses({ model: 'gpt-5.5', input, include: ['reasoning.encrypted_content'], store: false });
  });
