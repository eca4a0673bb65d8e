import { agUi } from '../../src/codecs/agUi/codec.js';
import { aiSdkUi } from '../../src/codecs/aiSdkUi/codec.js';
import { anthropic } from '../../src/codecs/anthropic/codec.js';
import { bedrockConverse } from '../../src/codecs/bedrock/codec.js';
import { bedrockInvoke } from '../../src/codecs/bedrock/invokeCodec.js';
import { titanAnswer } from '../../src/codecs/bedrock/titan.js';
import { claudeCode } from '../../src/codecs/claudeCode/codec.js';
import type { Codec } from '../../src/codecs/codec.js';
import { gemini } from '../../src/codecs/gemini/codec.js';
import { geminiInteractions } from '../../src/codecs/geminiInteractions/codec.js';
import { llmWorker } from '../../src/codecs/llmWorker/codec.js';
import { modelrelay, modelrelayDialect } from '../../src/codecs/modelrelay/codec.js';
import { ollama, ollamaDialect } from '../../src/codecs/ollama/codec.js';
import { openaiChat, openaiChatDialect } from '../../src/codecs/openaiChat/codec.js';
import { openaiResponses } from '../../src/codecs/openaiResponses/codec.js';
import { synaps } from '../../src/codecs/synaps/codec.js';

/** A codec, and how code spells it. */
export interface Protocol {
  readonly codec: Codec;
  /** For people. */
  readonly title: string;
  /** The expression, and what is imported for it. */
  readonly code: string;
  readonly imported: readonly string[];
  /** The entry it is imported from. */
  readonly entry: string;
}

function protocol(codec: Codec, title: string, entry: string, code: string, ...imported: string[]): Protocol {
  return {
    codec,
    title,
    entry: `rxjs-llm-stream/${entry}`,
    code,
    imported: imported.length ? imported : [code],
  };
}

/** Every protocol that the library reads, as people look for it. */
export const PROTOCOLS: readonly Protocol[] = [
  protocol(anthropic, 'Anthropic Messages', 'anthropic', 'anthropic'),
  protocol(openaiChat, 'OpenAI chat completions', 'openai', 'openaiChat'),
  protocol(openaiResponses, 'OpenAI Responses', 'openai', 'openaiResponses'),
  protocol(gemini, 'Gemini', 'gemini', 'gemini'),
  protocol(geminiInteractions, 'Gemini Interactions', 'gemini', 'geminiInteractions'),
  protocol(ollama, 'Ollama chat', 'ollama', 'ollama'),
  protocol(bedrockConverse, 'Bedrock ConverseStream', 'bedrock', 'bedrockConverse'),
  protocol(bedrockInvoke(), 'Bedrock InvokeModel', 'bedrock', 'bedrockInvoke()', 'bedrockInvoke'),
  protocol(aiSdkUi, 'AI SDK UI messages', 'ai-sdk-ui', 'aiSdkUi'),
  protocol(agUi, 'AG-UI', 'ag-ui', 'agUi'),
  protocol(claudeCode, 'Claude Code stream-json', 'claude-code', 'claudeCode'),
  protocol(llmWorker, 'llm-worker', 'llm-worker', 'llmWorker'),
  protocol(modelrelay, 'ModelRelay', 'modelrelay', 'modelrelay'),
  protocol(synaps, 'SynapsCLI', 'synaps', 'synaps'),
];

/** What only shows itself in a stream: dialects of the protocols. */
const DIALECTS: readonly Protocol[] = [
  protocol(
    ollamaDialect('generate'),
    'Ollama generation',
    'ollama',
    "ollamaDialect('generate')",
    'ollamaDialect',
  ),
  protocol(
    openaiChatDialect({ reasoning: 'reasoning' }),
    'Chat completions with reasoning',
    'openai',
    "openaiChatDialect({ reasoning: 'reasoning' })",
    'openaiChatDialect',
  ),
  protocol(
    modelrelayDialect('v1'),
    'ModelRelay 1',
    'modelrelay',
    "modelrelayDialect('v1')",
    'modelrelayDialect',
  ),
  protocol(
    modelrelayDialect('event'),
    'ModelRelay events',
    'modelrelay',
    "modelrelayDialect('event')",
    'modelrelayDialect',
  ),
  protocol(
    bedrockInvoke(bedrockConverse),
    'Bedrock InvokeModel, Nova',
    'bedrock',
    'bedrockInvoke(bedrockConverse)',
    'bedrockConverse',
    'bedrockInvoke',
  ),
  protocol(
    bedrockInvoke(titanAnswer()),
    'Bedrock InvokeModel, Titan',
    'bedrock',
    'bedrockInvoke(titanAnswer())',
    'bedrockInvoke',
    'titanAnswer',
  ),
];

const BY_NAME = new Map([...DIALECTS, ...PROTOCOLS].map((each) => [each.codec.name, each]));

/** The protocol of a codec that was found, which may read another framing than its own. */
export function protocolOf(codec: Codec): Protocol {
  return BY_NAME.get(codec.name) ?? { ...protocol(codec, codec.name, 'detect', 'codec', 'detectCodec') };
}

/** The codec of that name. */
export function codecNamed(name: string): Codec | undefined {
  return BY_NAME.get(name)?.codec;
}
