import type { ChatServerOptions } from './chatServer.js';

/** What `ng build` made to render the page. */
export async function rendering(): Promise<ChatServerOptions['render']> {
  const built = new URL('../dist/server/server.mjs', import.meta.url).href;
  const { reqHandler } = (await import(built)) as { readonly reqHandler: ChatServerOptions['render'] };
  return reqHandler;
}
