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
  #palette: Palette = LIGHT;

  constructor(listener: RowsListener) {
    this.#listener = listener;
    this.element = h('div', { class: 'rows' }, this.#scroller);
    this.#scroller.addEventListener('scroll', () => this.#soon(), { passive: true });
    new ResizeObserver(() => {
      this.#resize();
      this.#soon();
    }).observe(this.element);
  }

  get view(): View {
    const { scrollLeft, clientWidth } = this.#scroller;
    return {
      scale: this.#scale,
      left: scrollLeft,
      width: clientWidth,
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
    this.#zoom = Math.min(
      MOST_AT_FIRST,
      Math.max(LEAST_AT_FIRST, zoomToFit(this.#times, this.#scroller.clientWidth)),
    );
    this.#rescale();
    this.#scroller.scrollLeft = 0;
    for (const track of this.#tracks) track.select(undefined);
    this.draw();
  }

  /** @param factor - more than 1 shows less; without it all is shown that fits */
  zoom(factor?: number): void {
    const { scrollLeft, clientWidth } = this.#scroller;
    const middle = this.#scale.time(scrollLeft + clientWidth / 2);
    this.#zoom =
      factor === undefined
        ? zoomToFit(this.#times, clientWidth)
        : Math.min(8, Math.max(0.002, this.#zoom * factor));
    this.#rescale();
    this.#scroller.scrollLeft = this.#scale.x(middle) - clientWidth / 2;
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
    drawAxis(this.#axis, this.#measures, this.view);
    for (const track of this.#tracks) track.draw();
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
    const width = Math.max(this.#scale.width + 70, this.#scroller.clientWidth);
    this.#spacer.style.width = `${Math.ceil(width)}px`;
    this.#stuck.style.width = `${this.#scroller.clientWidth}px`;
  }

  #reveal(nth: number, id: string): void {
    const track = this.#tracks.find(({ model }) => model.id === id);
    const x = this.#scale.x(track?.model.drawn.times[nth] ?? 0);
    const { scrollLeft, clientWidth } = this.#scroller;
    if (x < scrollLeft + 20) this.#scroller.scrollLeft = Math.max(0, x - clientWidth / 3);
    else if (x > scrollLeft + clientWidth - 60) this.#scroller.scrollLeft = x - (clientWidth * 2) / 3;
  }

  #soon(): void {
    this.#frame ||= requestAnimationFrame(() => this.draw());
  }
}
