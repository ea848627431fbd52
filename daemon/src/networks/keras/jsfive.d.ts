/** The part of jsfive that is used here; the package ships without types. */
declare module 'jsfive' {
  /** Header of an object: messages by type, and how a dataset lies in the file. */
  export interface DataObjects {
    readonly chunks: readonly number[] | null;
    find_msg_type(type: number): readonly unknown[];
  }
  export class Group {
    readonly attrs: Readonly<Record<string, unknown>>;
    /** Where each link leads: an address, or a path in this file. */
    readonly _links: Readonly<Record<string, number | string>>;
    get(name: string): Group | Dataset | null;
  }
  export class File extends Group {
    constructor(bytes: ArrayBuffer, name?: string);
  }
  export class Dataset {
    readonly shape: readonly number[];
    readonly dtype: unknown;
    readonly value: readonly unknown[];
    readonly _dataobjects: DataObjects;
  }
  /** Decoders of stored chunks by the filter's number. */
  export const Filters: Map<number, (chunk: ArrayBuffer, itemBytes: number) => ArrayBuffer>;
}
