/** An event outside the factory, in factory time. */
export interface Happening {
  /** Milliseconds since the epoch. */
  readonly at: number;
  happen(): Promise<void>;
}
