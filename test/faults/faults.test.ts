import { StreamError } from '../../src/errors/streamError.js';
import type { Expected, Fault } from './fault.js';
import { closeFaultServers } from './faultServer.js';
import { run, type Result } from './run.js';
import { FAULTS } from './table.js';

/** What keeps this process alive that a fault may have left behind. */
function openHandles(): readonly string[] {
  return process.getActiveResourcesInfo().filter((resource) => /TCP|Timeout|Zlib/.test(resource));
}

let handlesBefore: readonly string[];

/** Those that were not there before; what other tests of this process had open may be gone by now. */
function newHandles(): readonly string[] {
  const before = [...handlesBefore];
  return openHandles().filter((resource) => {
    const at = before.indexOf(resource);
    if (at >= 0) before.splice(at, 1);
    return at < 0;
  });
}

beforeAll(() => {
  handlesBefore = openHandles();
});

afterEach(closeFaultServers);

describe.each(FAULTS)('$title:', ({ faults }) => {
  it.each(faults.map((fault) => [fault.fault, fault] as const))('%s', async (_, fault) => {
    const result = await run(fault);
    expectOutcome(result, fault.expected);
    expectAsked(result, fault);
  });
});

function expectOutcome({ values, error }: Result, expected: Expected): void {
  if ('gives' in expected) {
    expect(error).toBeUndefined();
    expect(values).toMatchObject(expected.values);
    return;
  }
  if (!(error instanceof StreamError)) throw new Error(`Not a StreamError: ${String(error)}`);
  expect(error).toMatchObject(expected.error);
  if (expected.partial === undefined) expect(error.partial).toBeUndefined();
  else expect(error.partial).toMatchObject(expected.partial as object);
  expect(values).toMatchObject(expected.values ?? []);
}

function expectAsked({ connections, requests, elsewhere }: Result, { asked = {} }: Fault): void {
  if (asked.connections !== undefined) expect(connections).toBe(asked.connections);
  if (asked.requests !== undefined) expect(requests).toHaveLength(asked.requests);
  expect(elsewhere).toHaveLength(asked.elsewhere?.requests ?? 0);
  for (const name of asked.elsewhere?.without ?? []) {
    for (const { headers } of elsewhere) expect(headers.has(name)).toBe(false);
  }
}

describe('the faults', () => {
  it('have a name each', () => {
    const names = FAULTS.flatMap(({ faults }) => faults.map(({ fault }) => fault));
    expect(new Set(names).size).toBe(names.length);
  });

  it('leave no socket, server or timer behind', async () => {
    // The client hears in its own time that the server has closed what was kept alive.
    for (let turn = 0; turn < 100 && newHandles().length > 0; turn++) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(newHandles()).toEqual([]);
  });
});
