import { firstAfter } from '../model/scale.js';
import { h, mark, say } from './dom.js';
import { drawRow, placeOf, type View } from './rowCanvas.js';
import type { RowModel } from './rowModels.js';
import { actOf, type TrackAct } from './trackKeys.js';
import { timeWords } from './axisCanvas.js';

/** Who hears what is done on a track. */
export interface TrackListener {
  selected(row: RowModel, nth: number): void;
  acted(row: RowModel, nth: number | undefined, act: TrackAct): void;
  /** A marble is dragged to a place, in px of the whole scale. */
  dragged(row: RowModel, nth: number, x: number): void;
  readonly view: View;
}

/** So far a pointer goes before it drags, in px. */
const SLACK = 3;

/** One row: its name, and its marbles on a canvas that is a slider for the keyboard. */
export class Track {
  readonly element: HTMLElement;
  readonly #head = h('div', { class: 'chain-head' });
  readonly #what = h('span', { class: 'what' });
  readonly #count = h('span', { class: 'count' });
  readonly #problem = h('p', { class: 'bad problem' });
  readonly #canvas = h('canvas', { 'aria-hidden': 'true' });
  readonly #track: HTMLElement;
  readonly #listener: TrackListener;
  #model!: RowModel;
  #selected: number | undefined;
  #drag: { readonly nth: number; readonly x: number; readonly offset: number; isMoving: boolean } | undefined;

  constructor(model: RowModel, listener: TrackListener) {
    this.#listener = listener;
    this.#track = h(
      'div',
      {
        class: 'track',
        role: 'slider',
        tabindex: '0',
        on: {
          keydown: (event: KeyboardEvent) => this.#key(event),
          pointerdown: (event: PointerEvent) => this.#down(event),
          pointermove: (event: PointerEvent) => this.#move(event),
          pointerup: () => this.#up(),
          pointercancel: () => this.#up(),
        },
      },
      this.#canvas,
    );
    this.element = h(
      'div',
      { class: 'row' },
      this.#head,
      h('div', { class: 'name' }, this.#what, this.#count),
      this.#problem,
      this.#track,
    );
    this.update(model);
  }

  get model(): RowModel {
    return this.#model;
  }

  get selected(): number | undefined {
    return this.#selected;
  }

  update(model: RowModel): void {
    this.#model = model;
    const { length } = model.drawn.times;
    if (this.#selected !== undefined && this.#selected >= length)
      this.#selected = length > 0 ? length - 1 : undefined;
    say(this.#what, model.name);
    mark(this.#what, 'title', model.name);
    say(this.#count, model.count);
    this.#head.hidden = model.head === undefined;
    say(this.#head, model.head ?? '');
    this.#problem.hidden = model.problem === undefined;
    say(this.#problem, model.problem ?? '');
    this.#track.classList.toggle('grabs', model.partOf !== undefined);
    this.#describe();
  }

  draw(view: View): void {
    drawRow(this.#canvas, this.#model.drawn, { ...view, selected: this.#selected });
  }

  select(nth: number | undefined): void {
    this.#selected = nth;
    this.#describe();
  }

  #describe(): void {
    const { name, drawn } = this.#model;
    const { length } = drawn.times;
    const nth = this.#selected;
    const track = this.#track;
    mark(track, 'aria-label', name);
    mark(track, 'aria-valuemin', '0');
    mark(track, 'aria-valuemax', String(length));
    mark(track, 'aria-valuenow', String(nth === undefined ? 0 : nth + 1));
    const text =
      nth === undefined
        ? `${length} marbles, none chosen`
        : `${drawn.lookOf(nth).face.label}, at ${timeWords(drawn.times[nth] ?? 0)}, ${nth + 1} of ${length}`;
    mark(track, 'aria-valuetext', text);
  }

  #key(event: KeyboardEvent): void {
    const act = actOf(event);
    if (!act) return;
    event.preventDefault();
    const { length } = this.#model.drawn.times;
    if (act.act !== 'select') this.#listener.acted(this.#model, this.#selected, act);
    else if (length > 0) {
      const from = this.#selected ?? (act.by > 0 ? -1 : length);
      this.#listener.selected(this.#model, Math.min(Math.max(from + act.by, 0), length - 1));
    }
  }

  #down(event: PointerEvent): void {
    const x = event.clientX - this.#track.getBoundingClientRect().left;
    const nth = this.#at(x);
    if (nth === undefined) return;
    this.#listener.selected(this.#model, nth);
    if (this.#model.partOf === undefined || event.button !== 0) return;
    this.#drag = {
      nth,
      x,
      offset: x - placeOf(this.#model.drawn, nth, this.#listener.view),
      isMoving: false,
    };
    this.#track.setPointerCapture(event.pointerId);
  }

  #move(event: PointerEvent): void {
    const drag = this.#drag;
    if (!drag) return;
    const x = event.clientX - this.#track.getBoundingClientRect().left;
    drag.isMoving ||= Math.abs(x - drag.x) > SLACK;
    if (drag.isMoving)
      this.#listener.dragged(this.#model, drag.nth, x - drag.offset + this.#listener.view.left);
  }

  #up(): void {
    this.#drag = undefined;
  }

  /** The marble under a place, or the one to its left that is near. */
  #at(x: number): number | undefined {
    const { scale, left } = this.#listener.view;
    const { drawn } = this.#model;
    const last = firstAfter(drawn.times, scale.time(x + left)) - 1;
    let best: number | undefined;
    for (let nth = Math.max(0, last - 8); nth <= Math.min(last + 2, drawn.times.length - 1); nth++) {
      const distance = x - placeOf(drawn, nth, { scale, left });
      if (distance > -8 && distance < 160) best = nth;
    }
    return best;
  }
}
