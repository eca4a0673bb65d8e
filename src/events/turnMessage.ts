/**
 * A block of a message in a history, spelled as the Messages API takes it; the image of another API too. A block of an SDK is
 * one, which has no more to say of itself than its type, and so is a literal with whatever members.
 */
export type TurnBlock = TypedBlock | (TypedBlock & { readonly [member: string]: unknown });

interface TypedBlock {
  readonly type: string;
}

/**
 * A message of a history, spelled as the Messages API takes it: what is sent with the next request. Messages of the
 * official SDK are assignable to it, and so is a `Message` that was gathered from a stream.
 */
export interface TurnMessage {
  readonly role: 'user' | 'assistant';
  readonly content: string | readonly TurnBlock[];
}
