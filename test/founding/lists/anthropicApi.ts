import { itemsOf, type Shown } from '../item.js';
import { blanket, derived } from './plainData.js';

function shown(name: string): Shown {
  return { file: 'test/founding/anthropicApi.test.ts', name };
}

const EVENT = shown('is read, told by its type and written again: %s');
const POSTED = shown('is posted with every field as it was given');
const KEPT: Shown = { file: 'test/sources/streamMessages.test.ts', name: 'sends the key and the version' };
const COLD: Shown = {
  file: 'test/sources/streamMessages.test.ts',
  name: 'does nothing when it is called, and sends a request for each subscription',
};

const ANY_OTHER = 'one of the fields that are passed on as they are';

export const anthropicApi = itemsOf('anthropic-api', [
  ['type', 'StreamEvent', 'StreamEvent', EVENT],
  ['variant', 'StreamEvent::MessageStart', 'MessageStartEvent', EVENT],
  ['field', 'StreamEvent::MessageStart.message', 'MessageStartEvent.message', EVENT],
  ['variant', 'StreamEvent::ContentBlockStart', 'ContentBlockStartEvent', EVENT],
  ['field', 'StreamEvent::ContentBlockStart.index', 'ContentBlockStartEvent.index', EVENT],
  ['field', 'StreamEvent::ContentBlockStart.content_block', 'ContentBlockStartEvent.content_block', EVENT],
  ['variant', 'StreamEvent::ContentBlockDelta', 'ContentBlockDeltaEvent', EVENT],
  ['field', 'StreamEvent::ContentBlockDelta.index', 'ContentBlockDeltaEvent.index', EVENT],
  ['field', 'StreamEvent::ContentBlockDelta.delta', 'ContentBlockDeltaEvent.delta', EVENT],
  ['variant', 'StreamEvent::ContentBlockStop', 'ContentBlockStopEvent', EVENT],
  ['field', 'StreamEvent::ContentBlockStop.index', 'ContentBlockStopEvent.index', EVENT],
  ['variant', 'StreamEvent::MessageDelta', 'MessageDeltaEvent', EVENT],
  ['field', 'StreamEvent::MessageDelta.delta', 'MessageDeltaEvent.delta', EVENT],
  ['field', 'StreamEvent::MessageDelta.usage', 'MessageDeltaEvent.usage', EVENT],
  ['variant', 'StreamEvent::MessageStop', 'MessageStopEvent', EVENT],
  ['variant', 'StreamEvent::Ping', 'PingEvent', EVENT],
  ['type', 'MessageStart', 'Message', EVENT, 'the message of `message_start`'],
  ['type', 'ContentBlockStart', 'ContentBlock', EVENT, 'the block of `content_block_start`'],
  ['type', 'ContentBlockDelta', 'ContentBlockDelta', EVENT],
  ['type', 'MessageDelta', 'MessageDelta', EVENT],
  ['type', 'Usage', 'MessageDeltaUsage', EVENT, '`Usage` in `message_start`'],
  ['function', 'StreamEvent::create_stream', '/anthropic streamMessages', POSTED],
  ['type', 'Receiver', '/anthropic streamMessages', COLD, 'an `Observable`: unsubscribing ends the request'],
  [
    'function',
    'recv',
    '/anthropic streamMessages',
    COLD,
    '`subscribe`; a failure is an error, never a silent end',
  ],
  [
    'type',
    'CannotCloneRequestError',
    '/anthropic streamMessages',
    COLD,
    'needs no counterpart: the request is written anew for each subscription',
  ],
  ['type', 'Credentials', '/anthropic StreamMessagesOptions.apiKey', KEPT],
  [
    'function',
    'Credentials::from_env',
    '/anthropic StreamMessagesOptions.apiKey',
    KEPT,
    '`process.env`, by the caller',
  ],
  ['type', 'MessagesRequest', '/anthropic MessagesParams', POSTED],
  ['field', 'MessagesRequest.model', '/anthropic MessagesParams.model', POSTED],
  ['field', 'MessagesRequest.messages', '/anthropic MessagesParams.messages', POSTED],
  ['field', 'MessagesRequest.max_tokens', '/anthropic MessagesParams.max_tokens', POSTED],
  [
    'field',
    'MessagesRequest.credentials',
    '/anthropic StreamMessagesOptions.apiKey',
    KEPT,
    'no part of the body',
  ],
  ['field', 'MessagesRequest.metadata', '/anthropic MessagesParams', POSTED, ANY_OTHER],
  ['field', 'MessagesRequest.stop_sequences', '/anthropic MessagesParams', POSTED, ANY_OTHER],
  ['field', 'MessagesRequest.stream', '/anthropic streamMessages', POSTED, 'added by itself'],
  ['field', 'MessagesRequest.system', '/anthropic MessagesParams', POSTED, ANY_OTHER],
  ['field', 'MessagesRequest.temperature', '/anthropic MessagesParams', POSTED, ANY_OTHER],
  ['field', 'MessagesRequest.tool_choice', '/anthropic MessagesParams', POSTED, ANY_OTHER],
  ['field', 'MessagesRequest.tools', '/anthropic MessagesParams', POSTED, ANY_OTHER],
  ['field', 'MessagesRequest.top_k', '/anthropic MessagesParams', POSTED, ANY_OTHER],
  ['field', 'MessagesRequest.top_p', '/anthropic MessagesParams', POSTED, ANY_OTHER],
  [
    'type',
    'Message',
    '/anthropic MessagesParams.messages',
    POSTED,
    'a message of the request, as the API takes it',
  ],
  ['field', 'Message.role', '/anthropic MessagesParams.messages', POSTED, 'as the API takes it'],
  ['field', 'Message.content', '/anthropic MessagesParams.messages', POSTED, 'as the API takes it'],
  ['type', 'MessageRole', '/anthropic MessagesParams.messages', POSTED, 'as the API takes it'],
  ['variant', 'MessageRole::User', '/anthropic MessagesParams.messages', POSTED, 'as the API takes it'],
  ['type', 'MessageContent', '/anthropic MessagesParams.messages', POSTED, 'as the API takes it'],
  ['variant', 'MessageContent::Text', '/anthropic MessagesParams.messages', POSTED, 'as the API takes it'],
  ...derived({
    Clone: ['clone', 'clone_from'],
    Debug: ['fmt'],
    Deserialize: ['deserialize'],
    PartialEq: ['eq', 'ne'],
    Eq: [],
    StructuralPartialEq: [],
  }),
  blanket(
    'Any',
    'Borrow',
    'BorrowMut',
    'CloneToUninit',
    'Equivalent',
    'From',
    'Instrument',
    'Into',
    'ToOwned',
    'TryFrom',
    'TryInto',
    'WithSubscriber',
    'DeserializeOwned',
    'ErasedDestructor',
    'MaybeSendSync',
  ),
]);
