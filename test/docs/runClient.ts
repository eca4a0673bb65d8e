import type { Observable } from 'rxjs';
import { accumulateState, streamEvents, untilTerminal, type StreamState } from '../../src/index.js';
import { anthropic } from '../../src/anthropic.js';

export function answerTo(url: string, prompt: string): Observable<StreamState> {
  return streamEvents(url, {
    codec: anthropic,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ prompt }),
    resume: true,
  }).pipe(untilTerminal(), accumulateState());
}
