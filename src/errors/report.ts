import { statusOfType } from './apiError.js';
import { isRetryableStatus } from './streamError.js';

/** What a server says of a failure. What it does not say is `undefined`. */
export interface Report {
  /** Its own words. */
  readonly message: string | undefined;
  /** Its own name for the failure. */
  readonly errorType: string | undefined;
  /** The HTTP status that it names, from 400 to 599. */
  readonly status: number | undefined;
  /** Its id of the request. */
  readonly requestId: string | undefined;
  /** Whether to ask again; `undefined` where neither a status nor the type says. */
  readonly retryable: boolean | undefined;
}

type Layer = Readonly<Record<string, unknown>>;

/** Where the rest of what is said may stand, the likelier place first. */
const INNER = ['error', 'errors', 'detail', 'message', 'base_resp'];
const MESSAGE = [
  'message',
  'Message',
  'msg',
  'error_description',
  'error_message',
  'error_msg',
  'errorMessage',
  'status_msg',
  'detail',
  'error',
  'reason',
  'title',
];
const TYPE = ['type', 'code', '__type', 'status'];
const STATUS = ['status', 'code', 'status_code', 'statusCode', 'http_code'];
const REQUEST_ID = ['request_id', 'requestId'];

/** A limit that waiting does not lift, except in an address: `…/account/billing`. */
const OF_MONEY =
  /(?:^|[^/a-z])(?:spend|credit|billing|budget|balance(?!r)|funds|insufficient.quota|monthly)/i;

/**
 * Reads what a server says of a failure, in any of the spellings that providers, gateways and frameworks use: an error
 * within an `error`, an `errors`, a `detail` or a list, a message that is an object, a code that is a number.
 *
 * @param body - an error document, or the data of an `error` event, with its JSON parsed; or a text
 * @param answered - the status of the answer, where it is known: it goes before one that the body names
 * @returns what it says. A 4xx other than 408, 409 and 429 is never retryable, and a 429 is not where the words name a
 *   limit of money
 */
export function reportOf(body: unknown, answered?: number): Report {
  const layers: Layer[] = [];
  let inner = body;
  while (layers.length < 5) {
    if (Array.isArray(inner)) [inner] = inner as readonly unknown[];
    if (!isLayer(inner)) break;
    const layer = inner;
    // What stands further in says more.
    layers.unshift(layer);
    inner = INNER.map((name) => layer[name]).find(isLayer);
  }
  const message = isText(inner) ? inner : first(layers, MESSAGE, isText);
  const errorType = first(layers, TYPE, isName);
  const status = Number(first(layers, STATUS, isStatus)) || undefined;
  const meant = answered ?? status ?? statusOfType(errorType);
  const said = first(layers, ['retryable'], (value): value is boolean => typeof value === 'boolean');
  const isOfMoney = meant === 429 && OF_MONEY.test(`${errorType ?? ''} ${message ?? ''}`);
  return {
    message,
    errorType,
    status,
    requestId: first(layers, REQUEST_ID, isText),
    retryable: meant === undefined ? said : isRetryableStatus(meant) && !isOfMoney && said !== false,
  };
}

function first<T>(
  layers: readonly Layer[],
  names: readonly string[],
  fits: (value: unknown) => value is T,
): T | undefined {
  return layers.flatMap((layer) => names.map((name) => layer[name])).find(fits);
}

function isLayer(value: unknown): value is Layer {
  return typeof value === 'object' && value !== null;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

/** A word that says more than that something failed. */
function isName(value: unknown): value is string {
  return isText(value) && !/^(?:\d+|error|fail(?:ed|ure)?)$/i.test(value);
}

function isStatus(value: unknown): value is number | string {
  return /^[45]\d\d$/.test(value as string);
}
