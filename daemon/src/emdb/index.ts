export { type Archive, archiveOf } from './archive.js';
export { type EntryNumber, nameOf, namesEntry, readEntry } from './entry.js';
export { type FetchedEntry, fetchEntry, type FetchOptions } from './fetch-entry.js';
