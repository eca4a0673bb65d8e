import { h, newId } from './dom.js';

/** A tab and what it shows. */
export interface Tab {
  readonly title: string;
  readonly panel: HTMLElement;
}

/** Tabs as the ARIA practices have them: the arrows choose, and one panel shows. */
export function tabsOf(label: string, tabs: readonly Tab[], chosen: (nth: number) => void): HTMLElement {
  const buttons = tabs.map(({ title, panel }, nth) => {
    const id = newId('tab');
    panel.id = newId('panel');
    panel.setAttribute('role', 'tabpanel');
    panel.setAttribute('aria-labelledby', id);
    return h(
      'button',
      { type: 'button', role: 'tab', id, 'aria-controls': panel.id, on: { click: () => choose(nth) } },
      title,
    );
  });
  const choose = (nth: number): void => {
    for (const [other, each] of buttons.entries()) {
      each.setAttribute('aria-selected', String(other === nth));
      each.tabIndex = other === nth ? 0 : -1;
      const { panel } = tabs[other] ?? {};
      if (panel) panel.hidden = other !== nth;
    }
    chosen(nth);
  };
  const list = h(
    'div',
    {
      class: 'tabs',
      role: 'tablist',
      'aria-label': label,
      on: {
        keydown: (event: KeyboardEvent) => {
          const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
          const at = buttons.findIndex((each) => each.tabIndex === 0);
          if (by === undefined) return;
          const next = (at + by + buttons.length) % buttons.length;
          choose(next);
          buttons[next]?.focus();
        },
      },
    },
    ...buttons,
  );
  choose(0);
  return h('div', {}, list, ...tabs.map(({ panel }) => panel));
}
