import type { ChatServerOptions } from './chatServer.js';

/**
 * What `ng build` made to render the page.
 *
 * @param built - the folder that it wrote
 */
export async function rendering(built: URL): Promise<ChatServerOptions['render']> {
  const { href } = new URL('server/server.mjs', built);
  const { reqHandler } = (await import(href)) as { readonly reqHandler: ChatServerOptions['render'] };
  return reqHandler;
}
