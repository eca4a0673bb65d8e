/** How long a frame is where none is told, in ms: 60 a second. */
export const FRAME = 16;

/** Whether the page is one that nobody sees: another tab is in front, the window is minimised. False without a page. */
export function isHidden(): boolean {
  return typeof document !== 'undefined' && document.visibilityState === 'hidden';
}

/** Whether something draws frames here, and tells. Not on a server, in a worker of some browsers, or on a hidden page. */
export function drawsFrames(): boolean {
  return 'requestAnimationFrame' in globalThis && !isHidden();
}
