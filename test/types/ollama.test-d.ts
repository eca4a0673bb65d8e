/** Holds what is sent to Ollama against the types of its official client; `tsc --noEmit` is the test. */
import type { ChatRequest, ChatResponse, GenerateResponse, Message } from 'ollama';
import type { Message as Answer } from '../../src/events/message.js';
import { ollamaMessagesOf, streamOllama } from '../../src/ollama.js';
import type { OllamaLine, OllamaMessage } from '../../src/ollama.js';

/** Compiles only where every `Value` fits `Type`. */
type Fits<Type, Value extends Type> = Value;

/** The client reads the time as the text that it is, and types it as a `Date`. */
type AsSent<Line> = Omit<Line, 'created_at' | 'message'> & { readonly created_at: string };

export type TheirTypesFit = [
  Fits<Message, OllamaMessage>,
  Fits<OllamaLine, AsSent<ChatResponse>>,
  Fits<OllamaLine, AsSent<GenerateResponse>>,
];

declare const answer: Answer;

export const request: ChatRequest = {
  model: 'm',
  messages: ollamaMessagesOf([{ role: 'user', content: 'Hello' }, answer]),
};

export const streams = [
  streamOllama({ model: 'm', messages: request.messages ?? [], think: true }),
  streamOllama({ model: 'm', prompt: 'Hello', options: { temperature: 0 } }),
  // @ts-expect-error Neither messages nor a prompt.
  streamOllama({ model: 'm' }),
];
