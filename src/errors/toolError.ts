/** Registered for the whole program: every copy of the package finds the same one. */
const BRAND = /* @__PURE__ */ Symbol.for('rxjs-llm-stream.ToolError');

/**
 * What a tool throws where the model is to read why it failed. Of every other error the model reads no more than that
 * the tool failed: a message may hold addresses, keys or lines of a stack.
 *
 * ```ts
 * import { runTools, ToolError } from 'rxjs-llm-stream';
 *
 * const run = runTools({
 *   get_weather: () => {
 *     throw new ToolError('There is no such city. Ask for its country.');
 *   },
 * });
 * ```
 */
export class ToolError extends Error {
  override readonly name = 'ToolError';

  /**
   * @param message - what the model reads
   * @param options - `cause`, which it does not
   */
  constructor(message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    // Not a member of the class: a computed name would keep the class in every page that a bundler makes.
    Object.defineProperty(this, BRAND, { value: true });
  }
}

/** Whether this is a {@link ToolError}, of this copy of the package or of another. */
export function isToolError(error: unknown): error is ToolError {
  return (error as { readonly [BRAND]?: boolean } | null | undefined)?.[BRAND] === true;
}
