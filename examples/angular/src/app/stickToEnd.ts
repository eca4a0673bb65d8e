import { afterNextRender, DestroyRef, Directive, ElementRef, inject } from '@angular/core';

/** In CSS pixels: so near its end, what scrolls counts as being there. */
const NEAR = 40;

/** Keeps the end of what grows in view, as long as the reader has not scrolled away from it. */
@Directive({ selector: '[appStickToEnd]' })
export class StickToEnd {
  readonly #element = inject<ElementRef<HTMLElement>>(ElementRef);

  constructor() {
    const scroller = this.#element.nativeElement;
    const destroyed = inject(DestroyRef);
    afterNextRender(() => {
      let isAtEnd = true;
      let top = 0;
      const look = (): void => {
        const isNear = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR;
        // More may have come since it was scrolled to its end: only who scrolls up wants to stay there.
        isAtEnd = isNear || (isAtEnd && scroller.scrollTop >= top);
        top = scroller.scrollTop;
      };
      // Told once a frame, when the layout is done: to ask for a height does not make another one.
      const grown = new ResizeObserver(() => {
        if (isAtEnd) scroller.scrollTop = scroller.scrollHeight;
      });
      scroller.addEventListener('scroll', look, { passive: true });
      for (const child of scroller.children) grown.observe(child);
      destroyed.onDestroy(() => {
        scroller.removeEventListener('scroll', look);
        grown.disconnect();
      });
    });
  }
}
