import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

/** What a careful site allows: its own files, no style and no script in a page, no code made of text. */
const POLICY = "default-src 'self'; report-uri /violation";

const HTML = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>playground</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<script type="module" src="/playground.js"></script></head>
<body><main><h1>Playground</h1><stream-playground></stream-playground><stream-viewer></stream-viewer></main></body></html>`;

/** A server of a page with both elements. */
export interface Site {
  readonly url: string;
  /** The reports of violations that browsers sent. */
  readonly reports: readonly string[];
  /** Serves some bytes as well. */
  serve(path: string, bytes: Uint8Array): string;
  close(): Promise<void>;
}

/** @param built - the folder of the built module */
export async function serveSite(built: string): Promise<Site> {
  const reports: string[] = [];
  const files = new Map<string, Uint8Array>([['/playground.js', readFileSync(join(built, 'playground.js'))]]);
  const server = createServer((request, response) => {
    const { url: path = '/' } = request;
    const file = files.get(path);
    if (path === '/violation') {
      void text(request).then((report) => reports.push(report));
      response.writeHead(204).end();
    } else if (path === '/') {
      response.writeHead(200, { 'content-type': 'text/html', 'content-security-policy': POLICY }).end(HTML);
    } else if (file) response.writeHead(200, { 'content-type': 'text/javascript' }).end(file);
    else response.writeHead(path === '/favicon.ico' ? 204 : 404).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    reports,
    serve(path, bytes) {
      files.set(path, bytes);
      return path;
    },
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
