import type { ClientClass, ClientOf } from "../../functions/invocation.ts";

/**
 * The same clients, except that a test creates those of one class in the factory's account, by region. Sessions in
 * other accounts are unchanged.
 */
export const instead =
  <Replaced extends object>(
    client: ClientOf,
    Class: ClientClass<Replaced>,
    make: (region: string | undefined) => object,
  ): ClientOf =>
  <Client extends object>(asked: ClientClass<Client>, where?: Parameters<ClientOf>[1]): Client =>
    (asked as unknown) === Class && typeof where !== "object" ? (make(where) as Client) : client(asked, where);
