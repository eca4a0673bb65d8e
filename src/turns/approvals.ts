import { defer, finalize, of, Subject, type Observable } from 'rxjs';

/** What somebody says of a call: whether it may run; `later` where nobody says it in this turn. */
export type Approval = { readonly approved: boolean; readonly reason?: string | undefined } | 'later';

interface Question {
  readonly id: string;
  /** Of the conversation's inputs, to the tool that waits. */
  readonly answer: Subject<Approval>;
}

/** The calls of a conversation that wait for somebody's word. It belongs to one subscription. */
export class Approvals {
  readonly #open = new Set<Question>();
  #isClosed = false;

  /** @returns what is said of a call, once; who unsubscribes no longer wants to know */
  readonly ask = ({ id }: { readonly id: string }): Observable<Approval> =>
    defer(() => {
      if (this.#isClosed) return of<Approval>('later');
      const question: Question = { id, answer: new Subject() };
      this.#open.add(question);
      return question.answer.pipe(finalize(() => this.#open.delete(question)));
    });

  /** Says it of the call that was the first to ask, of all that have this id; where none asks, nothing happens. */
  answer(id: string, approval: Approval): void {
    for (const question of this.#open) {
      if (question.id !== id) continue;
      question.answer.next(approval);
      question.answer.complete();
      return;
    }
  }

  /** Nobody answers any more. */
  close(): void {
    this.#isClosed = true;
    for (const { id } of [...this.#open]) this.answer(id, 'later');
  }
}
