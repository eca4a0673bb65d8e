import { HttpClient } from '@angular/common/http';
import { inject, Injectable } from '@angular/core';
import type { Observable } from 'rxjs';
import { fromHttpEvents, type StreamEvent } from 'rxjs-llm-stream';
import { anthropic } from 'rxjs-llm-stream/anthropic';
import type { ChatMessage } from './history.js';

/** Who answers. */
export interface About {
  /** The model that is asked, or `undefined` where the answers are scripted. */
  readonly model?: string;
}

/** The server of this app. */
@Injectable({ providedIn: 'root' })
export class Backend {
  readonly #http = inject(HttpClient);

  /** Who answers. */
  about(): Observable<About> {
    return this.#http.get<About>('/api/about');
  }

  /** The answer to a conversation, event by event. Each subscription asks anew; unsubscribing aborts the request. */
  answerTo(messages: readonly ChatMessage[]): Observable<StreamEvent> {
    return this.#http
      .post('/api/chat', { messages }, { observe: 'events', responseType: 'text', reportProgress: true })
      .pipe(fromHttpEvents({ codec: anthropic }));
  }

  /** Has the server break off what it sends to this conversation, as a network would. */
  breakConnection(): Observable<unknown> {
    return this.#http.post('/api/break', null);
  }
}
