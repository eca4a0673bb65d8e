/** How long a frame lasts by default, in ms: about 60 a second. */
export const FRAME = 16;

/** Whether nobody sees the page: another tab is in front, or the window is minimised. False without a page. */
export function isHidden(): boolean {
  return typeof document !== 'undefined' && document.visibilityState === 'hidden';
}

/** Whether animation frames come here. They do not on a server, in a worker of some browsers or on a hidden page. */
export function drawsFrames(): boolean {
  return 'requestAnimationFrame' in globalThis && !isHidden();
}
