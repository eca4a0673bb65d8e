import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { greeting, liveAnswers, scriptedAnswers } from './server/answers.js';
import { createChatServer } from './server/chatServer.js';
import { readPages } from './server/pages.js';
import { rendering } from './server/rendering.js';

const { PORT = '4200', PROVIDER } = process.env;
const provider = PROVIDER ?? 'anthropic';

/** What the environment says of the provider: `OPENAI_API_KEY`, `OLLAMA_MODEL`. */
function setting(name: string): string | undefined {
  return process.env[`${provider.toUpperCase()}_${name}`] || undefined;
}

const apiKey = setting('API_KEY');
const model =
  PROVIDER === undefined && apiKey === undefined
    ? undefined
    : (setting('MODEL') ?? (provider === 'anthropic' ? 'claude-sonnet-4-5' : noModel()));

function noModel(): never {
  throw new Error(`Set ${provider.toUpperCase()}_MODEL, the model to ask`);
}

/** What `ng build` wrote. */
const built = new URL('dist/', import.meta.url);

const server = createChatServer({
  answers:
    model === undefined
      ? scriptedAnswers()
      : liveAnswers({ provider, apiKey, model, baseURL: setting('BASE_URL') }),
  model,
  greet: () => greeting(),
  render: await rendering(built),
  pages: readPages(fileURLToPath(new URL('browser', built))),
  report: (error) => console.error(error),
});

server.once('error', (error) => {
  console.error(error.message);
  process.exitCode = 1;
});
server.listen(Number(PORT), '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  console.log(
    `http://localhost:${port}  (${model ?? 'scripted answers; with ANTHROPIC_API_KEY set, real ones'})`,
  );
});

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    server.close();
    server.closeAllConnections();
  });
}
