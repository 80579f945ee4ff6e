/** What is read from files, and kept in the browser's storage. */

/** A file with its path below what was dropped, e.g. "pets/cat/1.png". */
export interface IncomingFile {
  path: string;
  file: File;
}

/** Bytes so far and in all; total is 0 while it is not known. */
export interface LoadProgress {
  loaded: number;
  total: number;
}

export interface StorageUse {
  /** Bytes in use and in all, 0 where the browser does not say. */
  used: number;
  quota: number;
  /** Data sets, models and runs that are kept here and cannot be read, being damaged or of a newer version of this page. */
  unreadable: number;
}
