import type { Observable } from 'rxjs';
import { streamMessages } from '../../src/anthropic.js';
import { streamGemini } from '../../src/gemini.js';
import type { StreamEvent } from '../../src/index.js';
import { streamOllama } from '../../src/ollama.js';
import { streamChat } from '../../src/openai.js';

/** Where an answer comes from, and with which key. */
export interface Access {
  readonly apiKey: string | undefined;
  readonly baseURL: string | undefined;
}

/** Who answers, and how one asks. */
export interface Provider {
  /** The environment variables that may hold the key, the usual one first. */
  readonly keys: readonly string[];
  /** Whether it answers without one. */
  readonly isOpen?: true;
  /** The environment variable of another address. */
  readonly address?: string;
  /** The model that is asked where none is named. */
  readonly model: string;
  /** The source as a program would spell it. */
  readonly code: string;
  ask(model: string, prompt: string, access: Access): Observable<StreamEvent>;
}

/** All whose answers can be shown, by name. */
export const PROVIDERS: ReadonlyMap<string, Provider> = new Map(
  Object.entries<Provider>({
    anthropic: {
      keys: ['ANTHROPIC_API_KEY'],
      address: 'ANTHROPIC_BASE_URL',
      model: 'claude-sonnet-4-5',
      code: 'streamMessages({ model, max_tokens, messages }, { apiKey })',
      ask: (model, prompt, access) =>
        streamMessages({ model, max_tokens: 2048, messages: [{ role: 'user', content: prompt }] }, access),
    },
    openai: {
      keys: ['OPENAI_API_KEY'],
      address: 'OPENAI_BASE_URL',
      model: 'gpt-5-mini',
      code: 'streamChat({ model, messages }, { apiKey })',
      ask: (model, prompt, access) =>
        streamChat({ model, messages: [{ role: 'user', content: prompt }] }, access),
    },
    gemini: {
      keys: ['GEMINI_API_KEY', 'GOOGLE_API_KEY'],
      model: 'gemini-2.5-flash',
      code: 'streamGemini({ model, contents }, { apiKey })',
      ask: (model, prompt, access) =>
        streamGemini({ model, contents: [{ role: 'user', parts: [{ text: prompt }] }] }, access),
    },
    ollama: {
      keys: ['OLLAMA_API_KEY'],
      isOpen: true,
      model: 'llama3.2',
      code: 'streamOllama({ model, messages })',
      ask: (model, prompt, access) =>
        streamOllama({ model, messages: [{ role: 'user', content: prompt }] }, access),
    },
  }),
);
