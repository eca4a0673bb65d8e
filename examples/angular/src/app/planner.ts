import { Injectable, signal } from '@angular/core';
import { map, timer, type Observable } from 'rxjs';

/** Where trips are saved: what the tool of the chat works on. */
@Injectable({ providedIn: 'root' })
export class Planner {
  readonly trips = signal<readonly unknown[]>([]);

  /** Saving takes a moment. */
  save(trip: unknown): Observable<string> {
    return timer(600).pipe(
      map(() => {
        this.trips.update((trips) => [...trips, trip]);
        return 'Saved in the planner';
      }),
    );
  }
}
