import { retry } from 'rxjs';
import { dropPings } from '../src/operators/dropPings.js';
import { sheet } from './kit/sheet.js';

export default sheet({
  operator: 'dropPings',
  operators: { 'dropPings()': () => dropPings(), 'retry(1)': () => retry(1) },
  flows: ['events', 'events'],
  picture: `
    -m-p-o-t-p-t-c-p-z|
    > dropPings()
    -m---o-t---t-c---z|
    ^-----------------!
  `,
  cases: {
    'an empty source completes': `
      ---|
      > dropPings()
      ---|
      ^--!
    `,
    'a single event passes': `
      ---o---|
      > dropPings()
      ---o---|
      ^------!
    `,
    'of a source of pings nothing is left': `
      -p-(ppp)- 15s p|
      > dropPings()
      --------- 15s -|
    `,
    'pings of the same moment vanish between its events': `
      -(mpop)-t|
      > dropPings()
      -(mo)---t|
    `,
    'every other event passes, unknown ones and terminals too': `
      -r-m-x-l-q-a-e-z-|
      > dropPings()
      -r-m-x-l-q-a-e-z-|
    `,
    'an error of the source passes': `
      -m-p-#
      > dropPings()
      -m---#
      ^----!
    `,
    'a source that is tried again is subscribed again': `
      -m-p-#
      > dropPings()
      -m---#
      > retry(1)
      -m----m---#
      ^----!
      -----^----!
    `,
    'a hot source is heard from the moment of subscription': `
      hot -m-p-^-o-p-t-|
      > dropPings()
      --o---t-|
      ^-------!
    `,
  },
});
