import { itConforms } from './conformance/conforms.js';
import { itObeysPolicies } from './conformance/obeysPolicies.js';
import { PROTOCOLS } from './conformance/protocols.js';

describe.each(PROTOCOLS.map((protocol) => [protocol.codec.name, protocol] as const))('%s', (_, protocol) => {
  itConforms(protocol);
  itObeysPolicies(protocol);
});
