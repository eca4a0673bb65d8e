/** What the recipes use of `@angular/common/http`, typed as it is there. */
import type { Observable } from 'rxjs';
import type { EnvironmentProviders } from '@angular/core';

export declare enum HttpEventType {
  Sent = 0,
  UploadProgress = 1,
  ResponseHeader = 2,
  DownloadProgress = 3,
  Response = 4,
  User = 5,
}

export declare class HttpHeaders {
  get(name: string): string | null;
  has(name: string): boolean;
  keys(): string[];
}

declare abstract class HttpResponseBase {
  readonly headers: HttpHeaders;
  readonly status: number;
  readonly statusText: string;
  readonly url: string | null;
  readonly ok: boolean;
}

export interface HttpSentEvent {
  type: HttpEventType.Sent;
}
export interface HttpProgressEvent {
  type: HttpEventType.DownloadProgress | HttpEventType.UploadProgress;
  loaded: number;
  total?: number;
}
export declare class HttpHeaderResponse extends HttpResponseBase {
  readonly type: HttpEventType.ResponseHeader;
}
export declare class HttpResponse<T> extends HttpResponseBase {
  readonly type: HttpEventType.Response;
  readonly body: T | null;
}
export interface HttpUserEvent {
  type: HttpEventType.User;
}
export type HttpEvent<T> =
  HttpSentEvent | HttpHeaderResponse | HttpResponse<T> | HttpProgressEvent | HttpUserEvent;

export declare class HttpRequest<T> {
  readonly body: T | null;
  readonly url: string;
  clone(update?: { setHeaders?: Record<string, string | string[]> }): HttpRequest<T>;
}

export declare class HttpClient {
  post(
    url: string,
    body: unknown,
    options: { observe: 'events'; reportProgress?: boolean; responseType: 'text' },
  ): Observable<HttpEvent<string>>;
}

export type HttpHandlerFn = (request: HttpRequest<unknown>) => Observable<HttpEvent<unknown>>;
export type HttpInterceptorFn = (
  request: HttpRequest<unknown>,
  next: HttpHandlerFn,
) => Observable<HttpEvent<unknown>>;

export interface HttpFeature {
  readonly ɵkind: number;
}
export declare function provideHttpClient(...features: HttpFeature[]): EnvironmentProviders;
export declare function withFetch(): HttpFeature;
export declare function withInterceptors(interceptors: HttpInterceptorFn[]): HttpFeature;
