import type { Json } from '../kit/json.js';
import { isRefused } from './refused.js';
import { membersOf } from './wire.js';

/** Where each provider of the AI SDK keeps what signs a part. */
const SIGNATURES: ReadonlyMap<string, string> = /* @__PURE__ */ new Map([
  ['anthropic', 'signature'],
  ['openai', 'reasoningEncryptedContent'],
  ['google', 'thoughtSignature'],
]);

/** What signs a part; `undefined` where nothing does. */
export function signatureIn(providerMetadata: unknown): string | undefined {
  const members = membersOf(providerMetadata);
  for (const [provider, name] of SIGNATURES) {
    const signature = membersOf(members[provider])[name];
    if (typeof signature === 'string') return signature;
  }
  return undefined;
}

/** The encrypted thinking of a provider that does not show it. */
export function redactedIn(providerMetadata: unknown): string | undefined {
  const data = membersOf(membersOf(providerMetadata)['anthropic'])['redactedData'];
  return typeof data === 'string' ? data : undefined;
}

/** The MCP server whose tool is called. */
export function mcpServerIn(providerMetadata: unknown): string | undefined {
  const { type, serverName } = membersOf(membersOf(providerMetadata)['anthropic']);
  return type === 'mcp-tool-use' && typeof serverName === 'string' ? serverName : undefined;
}

/** What a provider says besides what a block has a member for; `undefined` where that is nothing. */
export function othersIn(providerMetadata: unknown): Json | undefined {
  const others = Object.entries(membersOf(providerMetadata)).flatMap(([provider, said]) => {
    const isRead = (name: string, value: unknown): boolean =>
      (value ?? '') === '' || (SIGNATURES.get(provider) === name && typeof value === 'string');
    const left = Object.entries(membersOf(said)).filter(([name, value]) => !isRead(name, value));
    const ofAnthropic = provider === 'anthropic' ? withoutRead(left) : left;
    return ofAnthropic.length === 0 ? [] : [[provider, Object.fromEntries(ofAnthropic)] as const];
  });
  return others.length === 0 ? undefined : Object.fromEntries(others);
}

function withoutRead(
  members: readonly (readonly [string, unknown])[],
): readonly (readonly [string, unknown])[] {
  const { type, serverName, redactedData } = Object.fromEntries(members);
  const isMcp = type === 'mcp-tool-use' && typeof serverName === 'string';
  const read = [
    ...(isMcp ? ['type', 'serverName'] : []),
    ...(typeof redactedData === 'string' ? ['redactedData'] : []),
  ];
  return members.filter(([name]) => !read.includes(name));
}

/**
 * What is said of a part, under the provider's name: a signature under that of the provider which has said something of
 * the part already.
 */
export function signed(
  given: unknown,
  signature: string | undefined,
  usual: 'anthropic' | 'google',
): Json | undefined {
  const members = providedIn(given);
  if (signature === undefined) return members;
  const provider = [...SIGNATURES.keys()].find((of) => members?.[of] !== undefined) ?? usual;
  const name = SIGNATURES.get(provider) ?? 'signature';
  return { ...members, [provider]: { ...membersOf(members?.[provider]), [name]: signature } };
}

/** The same with members of the provider that the AI SDK reads. */
export function provided(given: unknown, provider: string, members: Json): Json {
  const before = providedIn(given);
  return { ...before, [provider]: { ...membersOf(before?.[provider]), ...members } };
}

/** What is said of a part, as far as it is spelled as the AI SDK asks: an object of objects. */
export function providedIn(given: unknown): Json | undefined {
  const members = Object.entries(membersOf(given)).filter(
    ([name, said]) =>
      said === membersOf(said) && !isRefused({ [name]: said }, JSON.stringify({ [name]: said })),
  );
  return members.length === 0 ? undefined : Object.fromEntries(members);
}
