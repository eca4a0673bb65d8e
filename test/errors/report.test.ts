import { reportOf } from '../../src/errors/report.js';

type Asked = readonly [code: number, message: string, retryable: boolean];

const WORDS = 'The prompt has 130001 tokens';

describe('what a server says of a failure', () => {
  it.each([
    [
      'Anthropic',
      { type: 'error', error: { type: 'overloaded_error', message: WORDS }, request_id: 'req_1' },
    ],
    ['OpenAI', { error: { message: WORDS, type: 'invalid_request_error', param: null, code: null } }],
    ['Google', { error: { code: 400, message: WORDS, status: 'INVALID_ARGUMENT' } }],
    ['Google, in a list', [{ error: { code: 400, message: WORDS, status: 'INVALID_ARGUMENT' } }]],
    ['vLLM', { object: 'error', message: WORDS, type: 'BadRequestError', param: null, code: 400 }],
    [
      'a message that is an object',
      { error: { type: 'guardrail', message: { error: WORDS, action: 'NO' } } },
    ],
    ['a text as the error', { error: WORDS }],
    ['FastAPI', { detail: WORDS }],
    ['FastAPI, a list', { detail: [{ loc: ['body'], msg: WORDS, type: 'missing' }] }],
    ['FastAPI, an object', { detail: { error: { message: WORDS } } }],
    ['Amazon', { __type: 'ValidationException', Message: WORDS }],
    ['OAuth', { error: 'invalid_client', error_description: WORDS }],
    ['Cloudflare', { success: false, errors: [{ code: 7000, message: WORDS }] }],
    ['texts in a list', { errors: [WORDS] }],
    ['MiniMax', { base_resp: { status_code: 1004, status_msg: WORDS } }],
    ['RFC 9457', { type: 'about:blank', title: WORDS, status: 400 }],
    ['an error in an error', { error: { error: { message: WORDS } } }],
    ['a JSON text', WORDS],
  ])('is understood as %s spells it', (_who, body) => {
    expect(reportOf(body).message).toBe(WORDS);
  });

  it.each([
    [{ error: { type: 'a_type' } }, 'a_type'],
    [{ error: { type: 'error', code: 'a_code' } }, 'a_code'],
    [{ error: { code: 400, status: 'PROHIBITED' } }, 'PROHIBITED'],
    [{ code: 'a_code', message: 'No' }, 'a_code'],
    [{ type: 'error', message: 'No' }, undefined],
    [{ status: 'failed', message: 'No' }, undefined],
    [{ error: { code: '400', message: 'No' } }, undefined],
    ['No', undefined],
    [null, undefined],
  ])('has a name: %j', (body, errorType) => {
    expect(reportOf(body).errorType).toBe(errorType);
  });

  it.each([
    [{ error: { code: 400 } }, 400],
    [{ error: { code: '429' } }, 429],
    [{ statusCode: 503 }, 503],
    [{ status: 404, error: 'Not Found' }, 404],
    [{ code: 200 }, undefined],
    [{ base_resp: { status_code: 1004 } }, undefined],
    [{ error: { code: '4oo' } }, undefined],
    [{ error: { type: 'overloaded_error' } }, undefined],
  ])('has a status: %j', (body, status) => {
    expect(reportOf(body).status).toBe(status);
  });

  it.each([
    [{ request_id: 'r' }, 'r'],
    [{ error: { requestId: 'r' } }, 'r'],
    [{ request_id: 7 }, undefined],
  ])('has an id: %j', (body, id) => {
    expect(reportOf(body).requestId).toBe(id);
  });

  it.each<Asked>([
    ...[400, 401, 402, 403, 404, 413, 422].map((code): Asked => [code, 'No', false]),
    ...[408, 409, 429, 500, 503, 529].map((code): Asked => [code, 'No', true]),
    [429, 'Your credit balance is too low', false],
    [429, 'You exceeded your current quota, please check your plan and billing details.', false],
    [429, 'This organization has reached its monthly spend limit', false],
    [429, 'Rate limit reached. Try again in 2s. Raise it at https://example.com/account/billing', true],
    [429, 'Quota exceeded: online_prediction_requests_per_base_model', true],
    [429, 'No healthy load balancer', true],
    [529, 'The credit service is busy', true],
  ])('says whether to ask again: %s, %s', (code, message, retryable) => {
    expect(reportOf({ error: { code, message } }).retryable).toBe(retryable);
    expect(reportOf({ error: { message } }, code).retryable).toBe(retryable);
  });

  it('asks again by the type, by the server’s own word, and not at all without either', () => {
    expect(reportOf({ error: { type: 'overloaded_error' } }).retryable).toBe(true);
    expect(reportOf({ error: { type: 'rate_limit_error', message: 'Your spend limit' } }).retryable).toBe(
      false,
    );
    expect(reportOf({ error: { type: 'a_type', retryable: true } }).retryable).toBe(true);
    expect(reportOf({ error: { type: 'billing_error', retryable: true } }).retryable).toBe(false);
    expect(reportOf({ error: { type: 'api_error', retryable: false } }).retryable).toBe(false);
    expect(reportOf({ error: { type: 'a_type' } }).retryable).toBeUndefined();
  });

  it('goes by the status of the answer first', () => {
    expect(reportOf({ error: { code: 400 } }, 503).retryable).toBe(true);
    expect(reportOf({ error: { type: 'overloaded_error' } }, 401).retryable).toBe(false);
  });

  it('says nothing of what says nothing, whatever it is', () => {
    const nothing = { message: undefined, errorType: undefined, status: undefined, requestId: undefined };
    for (const body of [
      undefined,
      null,
      0,
      '',
      [],
      {},
      [[[[[[['x']]]]]]],
      { error: {} },
      { message: null },
    ]) {
      expect(reportOf(body)).toEqual({ ...nothing, retryable: undefined });
    }
    let deep: unknown = WORDS;
    for (let i = 0; i < 10_000; i++) deep = { error: deep };
    expect(reportOf(deep).message).toBeUndefined();
  });
});
