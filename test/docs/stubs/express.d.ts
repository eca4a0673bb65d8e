/** What the recipes use of `express`, typed as it is there. */
import type { IncomingMessage, ServerResponse } from 'node:http';

export interface Request extends IncomingMessage {
  // Express says `any`: nothing is known of it.
  body: unknown;
}
export interface Response extends ServerResponse {
  set(headers: Record<string, string>): this;
  sendStatus(code: number): this;
}
export type RequestHandler = (request: Request, response: Response, next: (error?: unknown) => void) => void;
export interface Express {
  post(path: string, ...handlers: RequestHandler[]): this;
}

declare function express(): Express;
declare namespace express {
  function json(options?: {
    type?: string | string[] | ((request: IncomingMessage) => boolean);
  }): RequestHandler;
}
export default express;
