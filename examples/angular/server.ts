import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { liveAnswers, scriptedAnswers } from './server/answers.js';
import { createChatServer } from './server/chatServer.js';
import { readPages } from './server/pages.js';

const {
  PORT = '4200',
  ANTHROPIC_API_KEY: apiKey,
  ANTHROPIC_BASE_URL: baseURL,
  ANTHROPIC_MODEL = 'claude-sonnet-4-5',
} = process.env;

const isLive = apiKey !== undefined && apiKey !== '';
const model = isLive ? ANTHROPIC_MODEL : undefined;

const server = createChatServer({
  answers: isLive ? liveAnswers({ apiKey, model: ANTHROPIC_MODEL, baseURL }) : scriptedAnswers(),
  model,
  pages: readPages(fileURLToPath(new URL('dist/browser', import.meta.url))),
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
