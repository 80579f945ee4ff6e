/**
 * What the journeys need of a browser, and no more: every engine does these few things through a protocol of its own.
 * What a person does is written once, on top of them, in visit.ts.
 */

export interface Engine {
  /** Opens a tab in a profile that has nothing yet. Requests to another origin than `home` are complaints. */
  open(home: string): Promise<Tab>;
  close(): Promise<void>;
}

/** Where something is in the window, in CSS pixels. */
export interface Point {
  x: number;
  y: number;
}

/** Keys that write nothing, by the names that `KeyboardEvent.key` has for them. */
export type Key = 'ArrowDown' | 'ArrowLeft' | 'ArrowRight' | 'ArrowUp' | 'End' | 'Enter' | 'Escape' | 'Home' | 'Tab';

export interface Download {
  /** The name that the page gave the file. */
  name: string;
  bytes: Uint8Array;
}

export interface Tab {
  /** The browser's name and version, e.g. "Firefox 153.7.0". */
  readonly browser: string;
  /** Opens an address and waits until it has loaded. Leaving a page with work in progress is agreed to. */
  goto(address: string): Promise<void>;
  reload(): Promise<void>;
  /**
   * Runs JavaScript in the page.
   * @param source of a function that takes a string and returns a string, or a promise of one
   * @throws when the function throws
   */
  call(source: string, argument: string): Promise<string>;
  /** Chooses files in an input: `source` as for `call`, but of a function that returns the element. */
  setFiles(source: string, argument: string, paths: string[]): Promise<void>;
  /** Moves the mouse through the points, with the button down from the first to the last where it is pressed. */
  mouse(points: Point[], button: 'pressed' | 'up'): Promise<void>;
  type(text: string): Promise<void>;
  press(key: Key): Promise<void>;
  /** The file that the browser saves when `start` has been done. */
  download(start: () => Promise<void>): Promise<Download>;
  resize(width: number, height: number): Promise<void>;
  /** A PNG file of what is seen. */
  screenshot(): Promise<Buffer>;
  /** Console errors, uncaught errors and requests to another origin, workers included, since the tab was opened. */
  complaints(): string[];
  close(): Promise<void>;
}
