import type { Told } from "./factory-call.ts";

/** A third-party client of AWS, in one account and region. */
export interface Client {
  /**
   * @param call `<signing name>:<operation>`
   * @param input with `{ bytes }` and `{ time }` still in it
   * @throws Error where the client itself fails, with what it said
   */
  send(call: string, input: object): Promise<Told>;
  close(): Promise<void>;
}
