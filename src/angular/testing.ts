/** Tests of components and services that show answers, in virtual time: `rxjs-llm-stream/angular/testing`. */
export { provideStreamTesting } from '../testing/angular/provideStreamTesting.js';
export { StreamTesting, type TestAnswer, type TestRequest } from '../testing/angular/streamTesting.js';
