/** What the recipes use of `@ngrx/store`, typed as it is there. */

export interface Action<Type extends string = string> {
  type: Type;
}
/** Called with properties, gives an action. */
export type ActionCreator<Type extends string = string, Properties = never> = ([Properties] extends [
  undefined,
]
  ? () => Action<Type>
  : (properties: Properties) => Properties & Action<Type>) & { readonly type: Type };

export interface ActionCreatorProps<Properties> {
  _as: 'props';
  _p: Properties;
}
export declare function props<Properties extends object>(): ActionCreatorProps<Properties>;
export declare function emptyProps(): ActionCreatorProps<undefined>;

/** `Answer Changed` becomes `answerChanged`. */
type Joined<Name extends string> = Name extends `${infer First} ${infer Rest}`
  ? `${Capitalize<First>}${Joined<Rest>}`
  : Capitalize<Name>;

export declare function createActionGroup<
  Source extends string,
  Events extends Record<string, ActionCreatorProps<unknown>>,
>(config: {
  source: Source;
  events: Events;
}): {
  [Name in keyof Events as Uncapitalize<Joined<Name & string>>]: ActionCreator<
    `[${Source}] ${Name & string}`,
    Events[Name]['_p']
  >;
};
