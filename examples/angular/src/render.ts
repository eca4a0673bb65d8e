import {
  AngularNodeAppEngine,
  createNodeRequestHandler,
  writeResponseToNodeResponse,
} from '@angular/ssr/node';

const engine = new AngularNodeAppEngine({ allowedHosts: ['localhost', '127.0.0.1'] });

/** Renders the page that a request asks for. */
export const reqHandler = createNodeRequestHandler(async (request, response, next) => {
  const page = await engine.handle(request);
  if (page === null) next();
  else await writeResponseToNodeResponse(page, response);
});
