/** Loads a peer as a module of this folder would. */
export const load = (name) => import(name);
