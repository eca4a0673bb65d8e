import { StreamPlayground } from './streamPlayground.js';

/** Defines the elements, once: a page may load them twice. */
export function defineElements(): void {
  if (!customElements.get('stream-playground')) customElements.define('stream-playground', StreamPlayground);
}
