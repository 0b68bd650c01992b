/**
 * The IndexedDB of the scanner: one store of scans, in the order in which they were recorded. Only transactions: what they mean is in
 * scan-log.ts.
 *
 * Follows Indexed Database API 3.0 (W3C).
 */

export type Work<T> = (scans: IDBObjectStore, transaction: IDBTransaction) => Promise<T>;

export interface Database {
  read<T>(work: Work<T>): Promise<T>;
  /**
   * Resolves once the changes are on the disk, or with "relaxed" once the system has them: faster, and a battery that dies may
   * take them. `work` may run twice, so it has to give the same result then.
   */
  write<T>(work: Work<T>, durability?: IDBTransactionDurability): Promise<T>;
  close(): void;
}

const STORE = "scans";
/** The indexes, which are members of a row (rows.ts). A row without the member is not in the index. */
const INDEXES = ["code", "at", "unsettled", "conflict", "tally"] as const;
export type IndexName = (typeof INDEXES)[number] | "scanId";

/**
 * How long a page waits for a transaction, or for the database. Some browsers never answer, such as Safari after the page
 * was in the background. The transaction may still end later.
 */
const PATIENCE_MS = 3000;

/** @throws DOMException if this browser has no IndexedDB, or does not allow it here, or does not answer */
export async function openScanDatabase(name: string, factory: IDBFactory): Promise<Database> {
  let connection = await connect(name, factory);
  const run = async <T>(work: Work<T>, ...mode: Mode): Promise<T> => {
    try {
      return await inPatience(transact(connection, work, mode));
    } catch (error) {
      // Browsers close connections by themselves, such as iOS for a page in the background. Then a new one works.
      if (!isClosed(error)) throw error;
      connection.close();
      connection = await connect(name, factory);
      return inPatience(transact(connection, work, mode));
    }
  };
  return {
    read: (work) => run(work, "readonly", "default"),
    write: (work, durability = "strict") => run(work, "readwrite", durability),
    close: () => connection.close(),
  };
}

async function connect(name: string, factory: IDBFactory): Promise<IDBDatabase> {
  const opening = factory.open(name, 1);
  opening.onupgradeneeded = () => {
    const store = opening.result.createObjectStore(STORE, { keyPath: "order", autoIncrement: true });
    store.createIndex("scanId", "scanId", { unique: true });
    for (const index of INDEXES) store.createIndex(index, index);
  };
  const connection = await inPatience(done(opening));
  // A newer page in another tab may change the tables. This page then has to be loaded again.
  connection.onversionchange = () => connection.close();
  return connection;
}

function inPatience<T>(work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new DOMException("the browser's storage does not answer", "TimeoutError")),
      PATIENCE_MS,
    );
    work.finally(() => clearTimeout(timer)).then(resolve, reject);
  });
}

type Mode = readonly [IDBTransactionMode, IDBTransactionDurability];

function transact<T>(connection: IDBDatabase, work: Work<T>, [mode, durability]: Mode): Promise<T> {
  return new Promise((resolve, reject) => {
    const transaction = connection.transaction(STORE, mode, { durability });
    let result: { readonly value: T } | undefined;
    let failure: unknown;
    transaction.oncomplete = () =>
      result === undefined
        ? reject(new Error("a transaction that ended before its work"))
        : resolve(result.value);
    transaction.onabort = () =>
      reject(failure ?? transaction.error ?? new DOMException("a transaction was aborted", "AbortError"));
    work(transaction.objectStore(STORE), transaction).then(
      (value) => {
        result = { value };
      },
      (error: unknown) => {
        failure = error;
        try {
          transaction.abort();
        } catch {
          reject(error);
        }
      },
    );
  });
}

function isClosed(error: unknown): boolean {
  const name = error instanceof Error || error instanceof DOMException ? error.name : "";
  return ["InvalidStateError", "UnknownError", "AbortError"].includes(name);
}

/** The result of a request. Only requests may be awaited in a transaction: it ends as soon as none is pending. */
export function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
