import type { ObservableInput } from 'rxjs';
import type { Codec } from '../../codecs/codec.js';
import type { StreamEvent } from '../../events/event.js';

/** A request for a stream of events, which is sent as `provideStreams` says. */
export interface StreamRequest {
  /** The address, appended to `baseUrl` unless it is absolute. */
  readonly url: string;
  /** What is sent, as JSON. */
  readonly body?: unknown;
  /** Default: `POST` with a body, else `GET`. */
  readonly method?: string | undefined;
  /** Headers of this request, besides those that all requests have. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** The protocol of this answer, if it is not the one of all others. */
  readonly codec?: Omit<Codec, 'encoder'> | undefined;
}

/** What asks for an answer: a request, or what gives the events itself. */
export type Asked = StreamRequest | ObservableInput<StreamEvent>;

/** Whether it is a request, which is still to be sent. */
export function isRequest(asked: Asked): asked is StreamRequest {
  return 'url' in asked && typeof asked.url === 'string';
}
