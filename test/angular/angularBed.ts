import '@angular/compiler';
import { provideZonelessChangeDetection } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { BrowserTestingModule, platformBrowserTesting } from '@angular/platform-browser/testing';

type Providers = NonNullable<Parameters<typeof TestBed.configureTestingModule>[0]['providers']>;

TestBed.initTestEnvironment(BrowserTestingModule, platformBrowserTesting());

// It stays in the globals of whoever loads it once, and these tests share theirs.
if ('Zone' in globalThis)
  throw new Error('zone.js is loaded: give the test that needs it a process of its own');

/** Begins an application of a test, without zone.js; the one before it ends. */
export function provide(...providers: Providers): void {
  TestBed.resetTestingModule();
  TestBed.configureTestingModule({ providers: [provideZonelessChangeDetection(), ...providers] });
}

/** What `make` makes in the injection context of the application. */
export function inApp<T>(make: () => T): T {
  return TestBed.runInInjectionContext(make);
}
