import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname } from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.md': 'text/markdown; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
};

/** A server of files, on loopback. */
export interface SiteServer {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves a folder as any host of static files does: `/guide/` is `guide/index.html`, `/upgrade` is `upgrade.html`.
 *
 * @param port - where to listen, or 0 for any free port; another one where it is taken
 */
export async function serveSite(folder: URL, port = 0): Promise<SiteServer> {
  const server = createServer(({ url = '/' }, response) => {
    const file = fileAt(folder, decodeURIComponent(new URL(url, 'http://localhost').pathname));
    const found = file ?? new URL('404.html', folder);
    response.writeHead(file === undefined ? 404 : 200, {
      // Their names change with what is in them.
      ...(found.pathname.includes('/assets/') ? { 'cache-control': 'max-age=31536000, immutable' } : {}),
      'content-type': TYPES[extname(found.pathname)] ?? 'application/octet-stream',
    });
    createReadStream(found).pipe(response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' && port !== 0) server.listen(0, '127.0.0.1', resolve);
      else reject(error);
    });
    server.listen(port, '127.0.0.1', resolve);
  });
  const { port: taken } = server.address() as AddressInfo;
  return {
    url: `http://localhost:${taken}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** @returns the file that a path stands for; `undefined` where there is none in the folder */
export function fileAt(folder: URL, path: string): URL | undefined {
  const wanted = path.replace(/^\/+|\/+$/g, '');
  const tries = [wanted, `${wanted}.html`, `${wanted === '' ? '' : `${wanted}/`}index.html`];
  return tries
    .map((name) => new URL(name, folder))
    .find((file) => file.href.startsWith(folder.href) && existsSync(file) && statSync(file).isFile());
}
