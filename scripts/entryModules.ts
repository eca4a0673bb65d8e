/** Written by `npm run exports`. */
import * as agUi from '../src/ag-ui.js';
import * as aiSdkUi from '../src/ai-sdk-ui.js';
import * as angular from '../src/angular.js';
import * as anthropic from '../src/anthropic.js';
import * as bedrock from '../src/bedrock.js';
import * as claudeCode from '../src/claude-code.js';
import * as detect from '../src/detect.js';
import * as gemini from '../src/gemini.js';
import * as index from '../src/index.js';
import * as llmWorker from '../src/llm-worker.js';
import * as log from '../src/log.js';
import * as modelrelay from '../src/modelrelay.js';
import * as ollama from '../src/ollama.js';
import * as openai from '../src/openai.js';
import * as otel from '../src/otel.js';
import * as pictures from '../src/pictures.js';
import * as server from '../src/server.js';
import * as synaps from '../src/synaps.js';
import * as testing from '../src/testing.js';
import * as text from '../src/text.js';

/** What the entries export that run anywhere. */
export const ENTRY_MODULES: readonly object[] = [
  agUi,
  aiSdkUi,
  angular,
  anthropic,
  bedrock,
  claudeCode,
  detect,
  gemini,
  index,
  llmWorker,
  log,
  modelrelay,
  ollama,
  openai,
  otel,
  pictures,
  server,
  synaps,
  testing,
  text,
];
