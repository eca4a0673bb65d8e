/** Says whether the page around an element is dark now, and whenever that changes. */
export function watchTheme(element: HTMLElement, changed: () => void): () => void {
  const system = matchMedia('(prefers-color-scheme: dark)');
  const look = (): void => {
    const isDark = darkOf(document.body) ?? darkOf(document.documentElement) ?? system.matches;
    if (element.hasAttribute('data-dark') === isDark) return;
    element.toggleAttribute('data-dark', isDark);
    changed();
  };
  const observer = new MutationObserver(() => {
    look();
    // A page may fade from one into the other.
    setTimeout(look, 400);
  });
  observer.observe(document.documentElement, {
    attributes: true,
    attributeFilter: ['class', 'style', 'data-theme'],
  });
  system.addEventListener('change', look);
  look();
  return () => {
    observer.disconnect();
    system.removeEventListener('change', look);
  };
}

/** Whether an element has a dark ground; `undefined` where it has none. */
function darkOf(element: Element): boolean | undefined {
  const { backgroundColor } = getComputedStyle(element);
  const [red = 0, green = 0, blue = 0, alpha = 1] = (backgroundColor.match(/[\d.]+/g) ?? []).map(Number);
  if (backgroundColor === 'transparent' || alpha === 0) return undefined;
  return 0.299 * red + 0.587 * green + 0.114 * blue < 128;
}
