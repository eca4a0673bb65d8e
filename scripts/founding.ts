/** Prints what stands here for each name of the protocols the library was founded on: `npm run founding`. */
import { LIST } from '../test/founding/list.js';
import { foundingTable } from '../test/founding/table.js';

console.log(foundingTable(LIST));
