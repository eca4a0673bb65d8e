import { StreamPlayground } from './streamPlayground.js';
import { StreamViewer } from './streamViewer.js';

/** Defines the elements, once: a page may load them twice. */
export function defineElements(): void {
  if (!customElements.get('stream-playground')) customElements.define('stream-playground', StreamPlayground);
  if (!customElements.get('stream-viewer')) customElements.define('stream-viewer', StreamViewer);
}
