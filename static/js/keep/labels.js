/**
 * Drawings with a label by the visitor, kept by the browser on this device (IndexedDB).
 *
 * Where the browser keeps nothing for this page, for example in some private windows, they are held
 * in memory until the page is closed.
 */

import { rounded } from "./lines.js";

/**
 * @import { Labelled } from "./lines.js"
 *
 * @typedef {Labelled & {key: number}} Kept
 *
 * @typedef {object} Labels
 * @property {boolean} lasts whether they are there after the page is closed
 * @property {(drawings: readonly Labelled[]) => Promise<number>} add those that are not there yet;
 *   how many that were
 * @property {() => Promise<number>} count
 * @property {() => Promise<Kept[]>} all the newest first
 * @property {(key: number) => Promise<void>} remove
 * @property {() => Promise<void>} clear
 *
 * @typedef {object} Shelf what holds the drawings
 * @property {boolean} lasts
 * @property {(drawings: readonly Labelled[]) => Promise<unknown>} put
 * @property {() => Promise<number>} count
 * @property {() => Promise<Kept[]>} all the oldest first
 * @property {(key: number) => Promise<unknown>} remove
 * @property {() => Promise<unknown>} clear
 */

const DATABASE = "labelled drawings";
const STORE = "drawings";
const VERSION = 1;
const OPEN_MS = 3000; // some browsers never answer where storage is blocked

/** The browser refused to keep a drawing; the message is for the visitor. */
export class NotKeptError extends Error {}

/**
 * @param {IDBFactory | undefined} [factory] of the browser; missing where it has none
 * @returns {Promise<Labels>}
 */
export async function openLabels(factory = browserFactory()) {
  const shelf = await openDatabase(factory).then(inDatabase, inMemory);
  return {
    lasts: shelf.lasts,
    async add(drawings) {
      const known = new Set((await shelf.all()).map(identity));
      const clean = drawings.map((drawing) => ({ ...drawing, strokes: rounded(drawing.strokes) }));
      const fresh = clean.filter((drawing) => {
        const isNew = !known.has(identity(drawing));
        known.add(identity(drawing));
        return isNew;
      });
      await shelf.put(fresh);
      return fresh.length;
    },
    count: shelf.count,
    all: async () => (await shelf.all()).reverse(),
    remove: async (key) => void (await shelf.remove(key)),
    clear: async () => void (await shelf.clear()),
  };
}

/** Where access is blocked, some browsers throw already at the name. */
function browserFactory() {
  try {
    return globalThis.indexedDB;
  } catch {
    return undefined;
  }
}

/**
 * The same label for the same strokes is the same drawing.
 *
 * @param {Labelled} drawing
 */
const identity = ({ label, strokes }) => JSON.stringify([label, strokes]);

/**
 * @param {IDBFactory | undefined} factory
 * @returns {Promise<IDBDatabase>} rejected if there is none
 */
function openDatabase(factory) {
  return new Promise((resolve, reject) => {
    if (!factory) throw new NotKeptError("no IndexedDB");
    const request = factory.open(DATABASE, VERSION); // may throw, which rejects
    const timeout = setTimeout(() => reject(new NotKeptError("no answer")), OPEN_MS);
    request.onupgradeneeded = () => {
      request.result.createObjectStore(STORE, { keyPath: "key", autoIncrement: true });
    };
    request.onsuccess = () => {
      clearTimeout(timeout);
      request.result.onversionchange = () => request.result.close(); // a newer page needs it
      resolve(request.result);
    };
    request.onerror = () => reject(request.error);
  });
}

/**
 * @param {IDBDatabase} database
 * @returns {Shelf}
 */
function inDatabase(database) {
  /**
   * @template T
   * @param {IDBTransactionMode} mode
   * @param {(store: IDBObjectStore) => IDBRequest<T> | undefined} work
   * @returns {Promise<T>} the result, once it is written
   */
  function run(mode, work) {
    return new Promise((resolve, reject) => {
      try {
        const transaction = database.transaction(STORE, mode);
        const request = work(transaction.objectStore(STORE));
        transaction.oncomplete = () => resolve(/** @type {T} */ (request?.result));
        transaction.onabort = () => reject(notKept(transaction.error));
      } catch (error) {
        reject(notKept(error)); // the database was closed meanwhile, for example
      }
    });
  }

  return {
    lasts: true,
    put: (drawings) =>
      run("readwrite", (store) => {
        for (const drawing of drawings) store.add(drawing);
        return undefined;
      }),
    count: () => run("readonly", (store) => store.count()),
    all: () => run("readonly", (store) => store.getAll()),
    remove: (key) => run("readwrite", (store) => store.delete(key)),
    clear: () => run("readwrite", (store) => store.clear()),
  };
}

/** @param {unknown} error */
function notKept(error) {
  const name = error instanceof Error ? error.name : "no reason given"; // a DOMException is one
  const isFull = name === "QuotaExceededError";
  return new NotKeptError(
    isFull
      ? "Not kept: the browser has no room left. Export your drawings, then delete some."
      : `Not kept: the browser refused (${name}). Reload the page.`,
  );
}

/** @returns {Shelf} */
function inMemory() {
  /** @type {Map<number, Kept>} */
  const kept = new Map();
  let last = 0;
  return {
    lasts: false,
    async put(drawings) {
      for (const drawing of drawings) {
        last += 1;
        kept.set(last, { ...drawing, key: last });
      }
    },
    count: async () => kept.size,
    all: async () => [...kept.values()],
    remove: async (key) => kept.delete(key),
    clear: async () => kept.clear(),
  };
}
