/** Something that comes from outside of the factory, at a moment of factory time. */
export interface Happening {
  /** Milliseconds since the epoch. */
  readonly at: number;
  happen(): Promise<void>;
}
