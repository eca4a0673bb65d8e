import { isEmpty } from './variants.js';

const EMPTY: readonly unknown[] = [undefined, null, ''];

/** Every value with one empty member of it, however deep, absent, `null` or `''`. */
export function emptied(value: unknown): readonly (readonly [what: string, value: unknown])[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => {
    const deeper = emptied(member).map(
      ([what, other]) => [`${name}.${what}`, put(value, name, other)] as const,
    );
    if (!isEmpty(member) || Array.isArray(value)) return deeper;
    // In the tagged values of the crate the name says what it is: a delta without a name is none.
    const isTag = /^[A-Z]/.test(name);
    const others = EMPTY.filter((other) => other !== member && !(isTag && other === undefined));
    return [
      ...deeper,
      ...others.map((other) => [`${name}: ${String(other)}`, put(value, name, other)] as const),
    ];
  });
}

/** A copy with a member; without it where that is `undefined`. */
export function put(value: object, name: string, member: unknown): unknown {
  const copy: unknown = structuredClone(value);
  if (member === undefined) Reflect.deleteProperty(copy as object, name);
  else Reflect.set(copy as object, name, member);
  return copy;
}
