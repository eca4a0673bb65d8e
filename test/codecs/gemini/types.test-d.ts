/** Holds what we write for the API against the official SDK's types; `tsc --noEmit` is the test. */
import type { Content, GenerateContentResponse, Part } from '@google/genai';
import { from } from 'rxjs';
import { toMessage } from '../../../src/index.js';
import { contentsOf, streamGemini } from '../../../src/gemini.js';
import type { GeminiChunk, GeminiContent, GeminiPart, GeminiRequestPart } from '../../../src/gemini.js';

/** Compiles only where every `Value` fits `Type`. */
type Fits<Type, Value extends Type> = Value;

export type RequestsFitTheSdk = [Fits<Content, GeminiContent>, Fits<Part, GeminiRequestPart>];

/** What the SDK has of a response, without its getters. */
export type ChunksOfTheSdkAreChunks = [
  Fits<GeminiChunk, Pick<GenerateContentResponse, 'responseId' | 'modelVersion' | 'usageMetadata'>>,
  Fits<GeminiPart, Pick<Part, 'text' | 'thought' | 'thoughtSignature'>>,
];

from([])
  .pipe(toMessage())
  .subscribe((message) => {
    const contents: Content[] = contentsOf([{ role: 'user', content: 'Hello' }, message]);
    void streamGemini({ model: 'gemini-3-pro', contents, tools: [{ googleSearch: {} }] }, { apiKey: 'key' });
  });
