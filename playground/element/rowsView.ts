import { UNMEASURED, type Measures } from '../model/measures.js';
import { scaleOf, zoomToFit, type TimeScale } from '../model/scale.js';
import { drawAxis } from './axisCanvas.js';
import { DARK, LIGHT, type Palette } from './colours.js';
import { h } from './dom.js';
import type { View } from './rowCanvas.js';
import type { RowModel } from './rowModels.js';
import { Track, type TrackListener } from './track.js';
import type { TrackAct } from './trackKeys.js';

/** Who hears what is done on the rows. */
export interface RowsListener {
  selected(row: RowModel, nth: number): void;
  acted(row: RowModel, nth: number | undefined, act: TrackAct): void;
  /** A marble is to come at this time. */
  moved(row: RowModel, nth: number, time: number): void;
}

/** How large marbles are at first, where more or less would fit. */
const LEAST_AT_FIRST = 1.7;
const MOST_AT_FIRST = 2.6;

/** The rows above one axis of time. Only what is in view is drawn. */
export class RowsView implements TrackListener {
  readonly element: HTMLElement;
  readonly #axis = h('canvas', { 'aria-hidden': 'true' });
  readonly #stuck = h('div', { class: 'stuck' });
  readonly #spacer = h('div', { class: 'spacer' }, this.#stuck);
  readonly #scroller = h('div', { class: 'scroller' }, this.#spacer);
  readonly #axisRow = h('div', { class: 'row axis' }, h('div', { class: 'track' }, this.#axis));
  readonly #listener: RowsListener;
  #tracks: readonly Track[] = [];
  #measures: Measures = UNMEASURED;
  #scale: TimeScale = scaleOf([], 1);
  #zoom = 1;
  #frame = 0;
  /** How wide the rows are: to ask for it would lay the page out. */
  #width = 0;
  /** How far they are scrolled. */
  #left = 0;
  #palette: Palette = LIGHT;

  constructor(listener: RowsListener) {
    this.#listener = listener;
    this.element = h('div', { class: 'rows' }, this.#scroller);
    const scrolled = (): void => {
      this.#left = this.#scroller.scrollLeft;
      this.#soon();
    };
    this.#scroller.addEventListener('scroll', scrolled, { passive: true });
    new ResizeObserver(() => {
      this.#width = this.#scroller.clientWidth;
      this.#resize();
      this.#soon();
    }).observe(this.element);
  }

  get view(): View {
    return {
      scale: this.#scale,
      left: this.#left,
      width: this.#width,
      palette: this.#palette,
      selected: undefined,
    };
  }

  /** What is chosen: the row, and which of its marbles. */
  get chosen(): { readonly row: RowModel; readonly nth: number } | undefined {
    const track = this.#tracks.find(({ selected }) => selected !== undefined);
    return track?.selected === undefined ? undefined : { row: track.model, nth: track.selected };
  }

  set isDark(isDark: boolean) {
    this.#palette = isDark ? DARK : LIGHT;
    this.draw();
  }

  update(rows: readonly RowModel[], measures: Measures): void {
    this.#measures = measures;
    const before = new Map(this.#tracks.map((track) => [track.model.id, track]));
    this.#tracks = rows.map((row) => {
      const known = before.get(row.id);
      known?.update(row);
      return known ?? new Track(row, this);
    });
    const wanted = [this.#axisRow, ...this.#tracks.map(({ element }) => element)];
    if (
      wanted.some((element, nth) => this.#stuck.children[nth] !== element) ||
      this.#stuck.children.length !== wanted.length
    )
      this.#stuck.replaceChildren(...wanted);
    this.#rescale();
    this.draw();
  }

  select(id: string, nth: number): void {
    for (const track of this.#tracks) track.select(track.model.id === id ? nth : undefined);
    this.#reveal(nth, id);
    this.draw();
  }

  /** Begins anew with another stream: all of it in view, as far as its marbles can be read then. */
  begin(): void {
    this.#width = this.#scroller.clientWidth;
    this.#zoom = Math.min(MOST_AT_FIRST, Math.max(LEAST_AT_FIRST, zoomToFit(this.#times, this.#width)));
    this.#rescale();
    this.#scrollTo(0);
    for (const track of this.#tracks) track.select(undefined);
    this.draw();
  }

  /** @param factor - more than 1 shows less; without it all is shown that fits */
  zoom(factor?: number): void {
    const middle = this.#scale.time(this.#left + this.#width / 2);
    this.#zoom =
      factor === undefined
        ? zoomToFit(this.#times, this.#width)
        : Math.min(8, Math.max(0.002, this.#zoom * factor));
    this.#rescale();
    this.#scrollTo(this.#scale.x(middle) - this.#width / 2);
    this.draw();
  }

  selected(row: RowModel, nth: number): void {
    this.select(row.id, nth);
    this.#listener.selected(row, nth);
  }

  acted(row: RowModel, nth: number | undefined, act: TrackAct): void {
    this.#listener.acted(row, nth, act);
  }

  dragged(row: RowModel, nth: number, x: number): void {
    this.#listener.moved(row, nth, Math.max(0, Math.round(this.#scale.time(x))));
  }

  draw(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    const { view } = this;
    drawAxis(this.#axis, this.#measures, view);
    for (const track of this.#tracks) track.draw(view);
  }

  get #times(): readonly (readonly number[])[] {
    const drawn = this.#tracks.map(({ model }) => model.drawn);
    return [...drawn.map(({ times }) => times), ...drawn.map(({ end }) => (end ? [end.at] : []))];
  }

  #rescale(): void {
    this.#scale = scaleOf(this.#times, this.#zoom);
    this.#resize();
  }

  #resize(): void {
    this.#spacer.style.width = `${Math.ceil(Math.max(this.#scale.width + 70, this.#width))}px`;
    this.#stuck.style.width = `${this.#width}px`;
  }

  #reveal(nth: number, id: string): void {
    const track = this.#tracks.find(({ model }) => model.id === id);
    const x = this.#scale.x(track?.model.drawn.times[nth] ?? 0);
    if (x < this.#left + 20) this.#scrollTo(Math.max(0, x - this.#width / 3));
    else if (x > this.#left + this.#width - 60) this.#scrollTo(x - (this.#width * 2) / 3);
  }

  #scrollTo(left: number): void {
    this.#scroller.scrollLeft = left;
    // It goes no further than there is something.
    this.#left = this.#scroller.scrollLeft;
  }

  #soon(): void {
    this.#frame ||= requestAnimationFrame(() => this.draw());
  }
}
