import { randomUUID } from 'node:crypto';
import {
  AngularNodeAppEngine,
  createNodeRequestHandler,
  writeResponseToNodeResponse,
} from '@angular/ssr/node';

const engine = new AngularNodeAppEngine({ allowedHosts: ['localhost', '127.0.0.1'] });

/** What stands in src/index.html, and so at each inline script that Angular writes. */
const PLACE_OF_NONCE = 'NONCE-OF-THE-ANSWER';

/** Renders the page that a request asks for. Of inline scripts its policy allows those that carry its nonce. */
export const reqHandler = createNodeRequestHandler(async (request, response, next) => {
  const page = await engine.handle(request);
  if (page === null) return next();
  const nonce = randomUUID();
  const policy = String(response.getHeader('content-security-policy'));
  response.setHeader('content-security-policy', policy.replace("script-src 'self'", `$& 'nonce-${nonce}'`));
  const html = (await page.text()).replaceAll(PLACE_OF_NONCE, nonce);
  await writeResponseToNodeResponse(new Response(html, page), response);
});
