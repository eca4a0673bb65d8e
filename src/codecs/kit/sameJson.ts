/** Whether two texts read as the same JSON value; no text at all stands for `{}`. */
export function isSameJson(a: string, b: string): boolean {
  if (a === b) return true;
  try {
    return isSameValue(JSON.parse(a || '{}'), JSON.parse(b || '{}'));
  } catch {
    return false;
  }
}

function isSameValue(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && isSameValue(Reflect.get(a, name), Reflect.get(b, name)))
  );
}
