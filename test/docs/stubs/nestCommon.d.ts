/** What the recipes use of `@nestjs/common`, typed as it is there. */

export declare function Controller(prefix?: string | string[]): ClassDecorator;
export declare function Sse(path?: string): MethodDecorator;
export declare function Query(property: string): ParameterDecorator;

export interface MessageEvent {
  data?: string | object;
  id?: string;
  type?: string;
  retry?: number;
}
